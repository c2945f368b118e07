import type { HTMLInputAutoCompleteAttribute, ReactNode } from 'react';
import {
  Checkbox as LibraryCheckbox, FormControl, Input as LibraryInput, Select as LibrarySelect, Textarea as LibraryTextarea,
} from 'smarthr-ui';
import { useText } from '../text/TextProvider';

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly errors?: readonly string[];
  /** Shown in words, because an asterisk needs a legend. */
  readonly optional?: boolean;
  readonly children: ReactNode;
}

export function Field({ label, help, errors = [], optional, children }: FieldProps) {
  const { t } = useText();
  return (
    <FormControl
      label={<>{label}{optional && <span className="d-optional">{t('field.optional')}</span>}</>}
      className="d-field"
      {...(help ? { helpMessage: help } : {})}
      {...(errors.length > 0 ? { errorMessages: [...errors] } : {})}
    >
      {children}
    </FormControl>
  );
}

interface TextProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'number' | 'time';
  readonly autoComplete?: HTMLInputAutoCompleteAttribute;
  readonly name?: string;
  readonly wide?: boolean;
  readonly mono?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  readonly invalid?: boolean;
  readonly autoFocus?: boolean;
  readonly onBlur?: () => void;
}

export function TextInput({ onChange, wide, mono, invalid, ...rest }: TextProps) {
  return (
    <LibraryInput
      {...rest} type={rest.type ?? 'text'} width={wide ? '100%' : '20em'} error={invalid ?? false} spellCheck={false}
      className={mono ? 'd-mono d-input' : 'd-input'} onChange={(event) => { onChange(event.target.value); }}
    />
  );
}

interface AreaProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly maxLength: number;
  readonly name?: string;
}

export function TextArea({ value, onChange, rows = 3, maxLength, name }: AreaProps) {
  return (
    <LibraryTextarea
      value={value} rows={rows} maxLength={maxLength} width="100%" {...(name ? { name } : {})}
      onChange={(event) => { onChange(event.target.value); }}
    />
  );
}

interface SelectProps<Value extends string> {
  readonly value: Value | '';
  readonly options: readonly { readonly value: Value | ''; readonly label: string }[];
  readonly onChange: (value: Value | '') => void;
  readonly name?: string;
}

export function SelectInput<Value extends string>({ value, options, onChange, name }: SelectProps<Value>) {
  return (
    <LibrarySelect
      value={value} options={options.map((o) => ({ value: o.value, label: o.label }))} {...(name ? { name } : {})}
      onChangeValue={(chosen: string) => {
        const found = options.find((o) => o.value === chosen);
        if (found) onChange(found.value);
      }}
    />
  );
}

interface CheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
}

export function CheckBox({ checked, onChange, children, disabled }: CheckProps) {
  return (
    <LibraryCheckbox checked={checked} disabled={disabled ?? false} onChange={(event) => { onChange(event.target.checked); }}>
      {children}
    </LibraryCheckbox>
  );
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: Value[]) => void;
  readonly errors?: readonly string[];
  /** In columns of equal width, for long labels. */
  readonly inColumns?: boolean;
}

/** Several of a few. */
export function CheckGroup<Value extends string>({ legend, options, chosen, onChange, errors = [], inColumns }: ChoiceProps<Value>) {
  return (
    <fieldset className="d-choices" data-columns={inColumns}>
      <legend>{legend}</legend>
      {errors.map((error) => <p key={error} className="d-field-error">{error}</p>)}
      <div>
        {options.map((option) => (
          <CheckBox
            key={option.value} checked={chosen.includes(option.value)}
            onChange={(on) => { onChange(options.map((o) => o.value).filter((v) => (v === option.value ? on : chosen.includes(v)))); }}
          >
            {option.label}
          </CheckBox>
        ))}
      </div>
    </fieldset>
  );
}

interface RadioProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
}

/** One of a few, all of them visible. */
export function RadioGroup<Value extends string>({ legend, name, options, value, onChange }: RadioProps<Value>) {
  return (
    <fieldset className="d-choices">
      <legend>{legend}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} className="d-radio">
            <input type="radio" name={name} checked={value === option.value} onChange={() => { onChange(option.value); }} />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
