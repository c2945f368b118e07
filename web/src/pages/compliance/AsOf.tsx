import { useState, type FormEvent } from 'react';
import { Button } from '../../parts/Button';
import { DateField } from '../../parts/DateField';
import { Notice } from '../../parts/Notice';
import { Day } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { parseDay } from '../../time/wareki';
import { today } from '../../time/zone';

interface Props {
  readonly asOf: string | null;
  readonly onChange: (day: string | null) => void;
}

/** Chooses the day whose end the status is computed for. */
export function AsOf({ asOf, onChange }: Props) {
  const { t } = useText();
  const dates = useDates();
  const [text, setText] = useState(asOf ?? '');
  const day = parseDay(text);
  const future = day !== null && day > today(dates.zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (day !== null && !future) onChange(day);
  };
  return (
    <form className="d-asof" onSubmit={submit}>
      <DateField label={t('asof.label')} value={text} onChange={setText} name="as_of" errors={future ? [t('asof.future')] : []} />
      <Button submit disabled={day === null || future}>{t('asof.show')}</Button>
      {asOf !== null && <Button kind="text" onClick={() => { setText(''); onChange(null); }}>{t('asof.now')}</Button>}
    </form>
  );
}

/** Says that what follows is the past; stands apart from the tools, so that it is on paper too. */
export function AsOfNotice({ asOf }: Pick<Props, 'asOf'>) {
  const { t } = useText();
  if (asOf === null) return null;
  return <Notice level="info" live><p><strong><Day iso={asOf} /></strong> {t('asof.past')}</p></Notice>;
}
