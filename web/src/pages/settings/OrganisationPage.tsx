import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { need } from '../../api/api';
import { useApi, useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useSettings } from '../../api/queries';
import { Button } from '../../parts/Button';
import { CheckGroup, Field, TextInput } from '../../parts/Field';
import { Loaded } from '../../parts/Loaded';
import { Notice } from '../../parts/Notice';
import { Page, Pairs, Panel } from '../../parts/Page';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { SmallTable } from '../../parts/SmallTable';
import type { UiKey } from '../../text/catalogues';
import { useText, type Text } from '../../text/TextProvider';
import { ClauseLinks } from '../ClauseLinks';

type Settings = Schemas['Settings'];
type DayName = Schemas['BusinessHours']['days'][number];

const dayNames: Record<DayName, UiKey> = {
  mon: 'day.mon', tue: 'day.tue', wed: 'day.wed', thu: 'day.thu', fri: 'day.fri', sat: 'day.sat', sun: 'day.sun',
};
const week: readonly DayName[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function OrganisationPage() {
  const text = useText();
  const { t, local } = text;
  const settings = useSettings();
  const may = useMay();
  return (
    <Page title={t('organisation.title')} lead={t('organisation.lead')}>
      <Loaded query={settings} lines={8}>
        {(data) => (
          <>
            <Panel title={t('organisation.basics')}>
              {may('settings.write') ? <Edit key={data.version} settings={data} /> : <Facts settings={data} />}
            </Panel>
            <Panel title={t('organisation.retention')} lead={t('organisation.retentionLead')}>
              <SmallTable
                caption={t('organisation.retention')} hideCaption rows={data.retention} rowId={(row) => row.class}
                columns={[
                  { id: 'class', header: t('event.retention'), heading: true, cell: (row) => local(row.title) },
                  { id: 'days', header: t('organisation.days'), align: 'end', cell: (row) => periodOfDays(row.days, text) },
                  {
                    id: 'clause', header: t('compliance.clause'),
                    cell: (row) => (row.clause_id === null ? t('none') : <ClauseLinks ids={[row.clause_id]} />),
                  },
                ]}
              />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const daysPerYear = 365.25;

/** Whole years are told as years: that is how regulations say it. */
function periodOfDays(days: number, { t }: Text): string {
  const years = Math.round(days / daysPerYear);
  const exact = t('ledger.days', { days });
  return years > 0 && Math.abs(days - years * daysPerYear) < 2 ? `${t('organisation.years', { years })} (${exact})` : exact;
}

function Facts({ settings }: { readonly settings: Settings }) {
  const { t } = useText();
  const { days, opens, closes } = settings.business_hours;
  return (
    <Pairs
      pairs={[
        { term: t('organisation.name'), value: settings.organisation_name },
        { term: t('organisation.zone'), value: settings.time_zone },
        { term: t('organisation.hours'), value: `${week.filter((d) => days.includes(d)).map((d) => t(dayNames[d])).join('・')} ${opens} – ${closes}` },
      ]}
    />
  );
}

function Edit({ settings }: { readonly settings: Settings }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const text = useText();
  const { t } = text;
  const [name, setName] = useState(settings.organisation_name);
  const [zone, setZone] = useState(settings.time_zone);
  const [hours, setHours] = useState(settings.business_hours);
  const zoneBad = !isZone(zone);
  const hoursBad = hours.opens >= hours.closes;
  const incomplete = name.trim() === '' || zoneBad || hoursBad || hours.days.length === 0;
  const save = useMutation({
    mutationFn: () => need(client.PUT('/api/v1/settings', {
      body: { organisation_name: name.trim(), time_zone: zone, business_hours: hours, version: settings.version },
    })),
    onSuccess: async () => { await queries.invalidateQueries(); },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <form className="d-stack d-form" onSubmit={submit}>
      <ProblemNotice error={save.error} />
      {save.isSuccess && <Notice level="success" live><p>{t('saved')}</p></Notice>}
      <Field label={t('organisation.name')} errors={fieldErrors(save.error, 'organisation_name', text)}>
        <TextInput value={name} onChange={setName} wide maxLength={200} name="organisation" />
      </Field>
      <Field
        label={t('organisation.zone')} help={t('organisation.zoneHelp')}
        errors={zoneBad ? [t('organisation.zoneBad')] : fieldErrors(save.error, 'time_zone', text)}
      >
        <TextInput value={zone} onChange={setZone} maxLength={64} name="zone" invalid={zoneBad} />
      </Field>
      <CheckGroup
        legend={t('organisation.workDays')} chosen={hours.days} onChange={(days) => { setHours({ ...hours, days }); }}
        options={week.map((day) => ({ value: day, label: t(dayNames[day]) }))}
      />
      <div className="d-search-fields">
        <Field label={t('organisation.opens')} errors={fieldErrors(save.error, 'business_hours', text)}>
          <TextInput type="time" value={hours.opens} onChange={(opens) => { setHours({ ...hours, opens }); }} name="opens" />
        </Field>
        <Field label={t('organisation.closes')} errors={hoursBad ? [t('organisation.hoursBad')] : []}>
          <TextInput type="time" value={hours.closes} onChange={(closes) => { setHours({ ...hours, closes }); }} name="closes" invalid={hoursBad} />
        </Field>
      </div>
      <p className="d-faint">{t('organisation.hoursUse')}</p>
      <div className="d-actions">
        <Button kind="primary" submit busy={save.isPending} disabled={incomplete}>{t('save')}</Button>
      </div>
    </form>
  );
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}
