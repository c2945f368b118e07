import { useText } from '../text/TextProvider';
import { useDates } from '../time/useDates';
import { formatWareki, parseDay, parseWallTime } from '../time/wareki';
import { Field, TextInput } from './Field';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly name?: string;
  readonly withTime?: boolean;
  readonly optional?: boolean;
  readonly errors?: readonly string[];
}

/**
 * A day, or a day and time, as text: ISO, slashes and Japanese eras are read, and what was understood is written
 * back under the field in the other notation. The browser's own picker would follow the browser's language.
 */
export function DateField({ label, value, onChange, name, withTime, optional, errors = [] }: Props) {
  const { t } = useText();
  const dates = useDates();
  const read = withTime ? parseWallTime(value) : parseDay(value);
  const empty = value.trim() === '';
  const day = typeof read === 'string' ? read : read?.day;
  const time = typeof read === 'object' && read?.time ? ` ${read.time}` : '';
  const other = day === undefined ? '' : `${dates.style === 'wareki' && !/^\d{4}-/.test(value.trim()) ? day : formatWareki(day)}${time}`;
  const own = !empty && read === null ? [t(withTime ? 'date.notTime' : 'date.notDay')] : [];
  return (
    <Field label={label} errors={[...own, ...errors]} {...(optional ? { optional } : {})}>
      <div className="d-date">
        <TextInput value={value} onChange={onChange} invalid={own.length + errors.length > 0} {...(name ? { name } : {})} />
        <span className="d-faint" aria-live="polite">{other}</span>
      </div>
    </Field>
  );
}
