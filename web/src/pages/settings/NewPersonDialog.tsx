import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { FormDialog } from '../../parts/Dialog';
import { Field, TextInput } from '../../parts/Field';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { useText } from '../../text/TextProvider';
import { roleBody, RoleFields, rolesComplete, type RoleValues } from './RoleFields';

interface Props {
  readonly onClose: () => void;
  readonly onIssued: (issued: Schemas['PersonIssued']) => void;
}

const loginPattern = /^\S+$/;

export function NewPersonDialog({ onClose, onIssued }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const text = useText();
  const { t } = text;
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [values, setValues] = useState<RoleValues>({ roles: [], reason: '' });
  const bad = login !== '' && !loginPattern.test(login);
  const add = useMutation({
    mutationFn: () => need(client.POST('/api/v1/people', {
      body: { login, display_name: name.trim(), ...roleBody(values) },
    })),
    onSuccess: (issued) => {
      void queries.invalidateQueries();
      onIssued(issued);
    },
  });
  return (
    <FormDialog
      title={t('people.add')} open onClose={onClose} size="L" action={t('people.addAction')} busy={add.isPending}
      disabled={login === '' || bad || name.trim() === '' || !rolesComplete(values)} onSubmit={() => { add.mutate(); }}
    >
      <ProblemNotice error={add.error} />
      <p>{t('people.addLead')}</p>
      <Field label={t('signin.login')} help={t('person.loginHelp')} errors={bad ? [t('person.loginBad')] : fieldErrors(add.error, 'login', text)}>
        <TextInput value={login} onChange={setLogin} maxLength={64} name="new-login" autoComplete="off" invalid={bad} />
      </Field>
      <Field label={t('person.name')} errors={fieldErrors(add.error, 'display_name', text)}>
        <TextInput value={name} onChange={setName} wide maxLength={100} name="display-name" />
      </Field>
      <RoleFields values={values} onChange={setValues} error={add.error} />
    </FormDialog>
  );
}
