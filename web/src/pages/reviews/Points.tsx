import { CheckBox } from '../../parts/Field';
import { useText } from '../../text/TextProvider';
import type { Point } from './findings';

interface Props {
  readonly points: readonly Point[];
  readonly answered: readonly string[];
  readonly onAnswer: (answered: readonly string[]) => void;
}

/** What the reviewer has to look for here: each point is answered by having looked. What was seen goes into the finding. */
export function Points({ points, answered, onAnswer }: Props) {
  const { t, local } = useText();
  if (points.length === 0) return null;
  return (
    <fieldset className="d-choices d-points">
      <legend>{t('review.look')}</legend>
      <div>
        {points.map((point) => (
          <CheckBox
            key={point.id} checked={answered.includes(point.id)}
            onChange={(on) => { onAnswer(on ? [...answered, point.id] : answered.filter((id) => id !== point.id)); }}
          >
            <strong>{local(point.title)}</strong> {local(point.ask)}
          </CheckBox>
        ))}
      </div>
    </fieldset>
  );
}
