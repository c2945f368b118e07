import type { Language } from '../text/catalogues';
import { useText } from '../text/TextProvider';
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

/** What was understood, in the notation that was not typed. An English reader gains nothing from an era. */
function otherNotation(day: string, typed: string, language: Language, time: string): string {
  if (!/^\d{4}-/.test(typed.trim())) return `${day}${time}`;
  return language === 'ja' ? `${formatWareki(day)}${time}` : '';
}

/**
 * A day, or a day and time, as text: ISO, slashes and Japanese eras are read, and what was understood is written
 * back under the field in the other notation. The browser's own picker would follow the browser's language.
 */
export function DateField({ label, value, onChange, name, withTime, optional, errors = [] }: Props) {
  const { t, language } = useText();
  const read = withTime ? parseWallTime(value) : parseDay(value);
  const empty = value.trim() === '';
  const day = typeof read === 'string' ? read : read?.day;
  const time = typeof read === 'object' && read?.time ? ` ${read.time}` : '';
  const other = day === undefined ? '' : otherNotation(day, value, language, time);
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
