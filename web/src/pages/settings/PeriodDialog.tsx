import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { FormDialog } from '../../parts/Dialog';
import { Field, SelectInput, TextInput } from '../../parts/Field';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';

type Unit = 'Y' | 'M' | 'D';

interface Props {
  readonly retained: Schemas['RetentionClass'];
  readonly onClose: () => void;
}

/** How long a class is kept: as long as the officer says, and never shorter than demanded. */
export function PeriodDialog({ retained, onClose }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const text = useText();
  const { t } = text;
  const now = /^P(\d+)([YMD])$/.exec(retained.period);
  const [length, setLength] = useState(now?.[1] ?? '');
  const [unit, setUnit] = useState<Unit>((now?.[2] ?? 'Y') as Unit);
  const valid = /^[1-9][0-9]{0,4}$/.test(length);
  const save = useMutation({
    mutationFn: () => need(client.PUT('/api/v1/retention/classes/{class_id}', {
      params: { path: { class_id: retained.id } }, body: { period: `P${length}${unit}`, version: retained.version },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('retention.change')} open onClose={onClose} action={t('save')} busy={save.isPending} disabled={!valid}
      onSubmit={() => { save.mutate(); }}
    >
      <ProblemNotice error={save.error} />
      <p>{t('retention.changeLead')}</p>
      <div className="d-search-fields">
        <Field label={t('retention.length')} errors={fieldErrors(save.error, 'period', text)}>
          <TextInput type="number" value={length} onChange={setLength} name="length" invalid={!valid} />
        </Field>
        <Field label={t('retention.unit')}>
          <SelectInput
            value={unit} onChange={(chosen) => { if (chosen !== '') setUnit(chosen); }} name="unit"
            options={[{ value: 'Y', label: t('retention.years') }, { value: 'M', label: t('retention.months') }, { value: 'D', label: t('retention.days') }]}
          />
        </Field>
      </div>
    </FormDialog>
  );
}
