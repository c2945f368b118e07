import { useState, type FormEvent } from 'react';
import { useMay } from '../../api/ApiContext';
import { useSources } from '../../api/queries';
import { Button } from '../../parts/Button';
import { DateField } from '../../parts/DateField';
import { Field, SelectInput, TextInput } from '../../parts/Field';
import { fieldErrors } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { presetBounds, toQuery, type Preset, type Terms } from './terms';

const presets = [
  ['hour', 'search.preset.hour'], ['today', 'search.preset.today'], ['yesterday', 'search.preset.yesterday'],
  ['week', 'search.preset.week'], ['month', 'search.preset.month'],
] as const satisfies readonly (readonly [Preset, string])[];

interface Props {
  readonly initial: Terms;
  readonly busy: boolean;
  /** Why the server refused the search, told at the fields. */
  readonly error: unknown;
  readonly onSearch: (terms: Terms) => void;
}

export function SearchForm({ initial, busy, error, onSearch }: Props) {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const may = useMay();
  const sources = useSources(may('source.read'));
  const [terms, setTerms] = useState(initial);
  const [tried, setTried] = useState(false);
  const checked = toQuery(terms, dates.zone);
  const set = <Name extends keyof Terms>(name: Name) => (value: Terms[Name]) => { setTerms({ ...terms, [name]: value }); };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (checked.query) onSearch(terms);
  };
  const input = (name: 'host' | 'app' | 'user' | 'address', maxLength: number) => (
    <Field label={t(`search.${name}`)} errors={fieldErrors(error, name, text)}>
      <TextInput value={terms[name]} onChange={set(name)} name={name} wide maxLength={maxLength} />
    </Field>
  );
  const needed = (text: string) => (tried && text.trim() === '' ? [t('search.needDate')] : []);
  return (
    <form className="d-search" onSubmit={submit} autoComplete="off" aria-label={t('search.form')}>
      <Presets onChoose={(preset) => { setTerms({ ...terms, ...presetBounds(preset, dates.zone, Date.now()) }); }} />
      <div className="d-search-fields">
        <DateField label={t('search.from')} value={terms.from} onChange={set('from')} name="from" withTime errors={needed(terms.from)} />
        <DateField
          label={t('search.to')} value={terms.to} onChange={set('to')} name="to" withTime
          errors={checked.order ? [t('search.order')] : needed(terms.to)}
        />
        {may('source.read') && (
          <Field label={t('search.source')}>
            <SelectInput
              value={terms.source} onChange={set('source')} name="source"
              options={[
                { value: '', label: t('all') },
                ...(sources.data?.sources ?? []).map((s) => ({ value: s.source_id, label: s.name ?? s.source_id })),
              ]}
            />
          </Field>
        )}
        <Field label={t('search.outcome')}>
          <SelectInput
            value={terms.outcome} onChange={set('outcome')} name="outcome"
            options={[
              { value: '', label: t('all') }, { value: 'success', label: t('outcome.success') },
              { value: 'failure', label: t('outcome.failure') }, { value: 'unknown', label: t('outcome.unknown') },
            ]}
          />
        </Field>
        {input('host', 255)}
        {input('app', 128)}
        {input('user', 256)}
        {input('address', 64)}
        <div className="d-search-text">
          <Field label={t('search.text')} help={t('search.textHelp')} errors={fieldErrors(error, 'text', text)}>
            <TextInput value={terms.text} onChange={set('text')} name="text" wide maxLength={500} />
          </Field>
        </div>
      </div>
      <div className="d-actions">
        <Button kind="primary" submit icon="search" busy={busy}>{t('search.action')}</Button>
        <span className="d-faint">{t('search.recorded')}</span>
      </div>
    </form>
  );
}

function Presets({ onChoose }: { readonly onChoose: (preset: Preset) => void }) {
  const { t } = useText();
  return (
    <div className="d-presets" role="group" aria-label={t('search.presets')}>
      {presets.map(([preset, key]) => (
        <button key={preset} type="button" className="d-tool" onClick={() => { onChoose(preset); }}>{t(key)}</button>
      ))}
    </div>
  );
}
