import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import { useCompliance } from '../../api/queries';
import { Button } from '../../parts/Button';
import { DateField } from '../../parts/DateField';
import { FormDialog } from '../../parts/Dialog';
import { CheckGroup } from '../../parts/Field';
import { Loaded } from '../../parts/Loaded';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { parseDay } from '../../time/wareki';
import { addDays, today } from '../../time/zone';

interface Props {
  readonly onClose: () => void;
  readonly onStarted: (job: string) => void;
}

export function PackDialog({ onClose, onStarted }: Props) {
  const { client } = useApi();
  const dates = useDates();
  const text = useText();
  const { t, local } = text;
  const compliance = useCompliance(null);
  const now = today(dates.zone);
  const [clauses, setClauses] = useState<string[]>([]);
  const [fromText, setFrom] = useState(addDays(now, -30));
  const [toText, setTo] = useState(now);
  const from = parseDay(fromText);
  const to = parseDay(toText);
  const backwards = from !== null && to !== null && from > to;
  const make = useMutation({
    mutationFn: (period: { from: string; to: string }) => need(client.POST('/api/v1/packs', { body: { clauses, ...period } })),
    onSuccess: (job) => { onStarted(job.id); },
  });
  return (
    <FormDialog
      title={t('packs.make')} open onClose={onClose} size="L" action={t('packs.makeAction')} busy={make.isPending}
      disabled={clauses.length === 0 || from === null || to === null || backwards}
      onSubmit={() => { if (from !== null && to !== null) make.mutate({ from, to }); }}
    >
      <ProblemNotice error={make.error} />
      <Loaded query={compliance}>
        {(data) => (
          <>
            <CheckGroup
              legend={t('packs.clauses')} inColumns chosen={clauses} onChange={setClauses} errors={fieldErrors(make.error, 'clauses', text)}
              options={data.clauses.map((clause) => ({ value: clause.id, label: `${clause.id} ${local(clause.title)}` }))}
            />
            <div className="d-actions">
              <Button small onClick={() => { setClauses(data.clauses.map((clause) => clause.id)); }}>{t('packs.all')}</Button>
              <Button small kind="text" onClick={() => { setClauses([]); }}>{t('packs.none')}</Button>
            </div>
          </>
        )}
      </Loaded>
      <div className="d-search-fields">
        <DateField label={t('packs.firstDay')} value={fromText} onChange={setFrom} name="pack-from" errors={fieldErrors(make.error, 'from', text)} />
        <DateField
          label={t('packs.lastDay')} value={toText} onChange={setTo} name="pack-to"
          errors={backwards ? [t('search.order')] : fieldErrors(make.error, 'to', text)}
        />
      </div>
      <p className="d-faint">{t('packs.contents')}</p>
    </FormDialog>
  );
}
