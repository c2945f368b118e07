import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useState, type FormEvent } from 'react';
import { need } from '../api/api';
import { useApi, useSession } from '../api/ApiContext';
import { ApiProblem } from '../api/problem';
import { Button } from '../parts/Button';
import { Field, TextInput } from '../parts/Field';
import { Mark } from '../parts/Mark';
import { Notice } from '../parts/Notice';
import { fieldErrors, ProblemNotice } from '../parts/ProblemNotice';
import { useText } from '../text/TextProvider';
import { passwordRules, type Rule } from './password-rules';
import { Wordmark } from './Wordmark';

interface Props {
  /** The first sign-in: nothing else can be done before. */
  readonly forced?: boolean;
  readonly onDone?: () => void;
}

export function ChangePassword({ forced, onDone }: Props) {
  const { t } = useText();
  useEffect(() => {
    if (forced) document.title = `${t('password.first')} - daicho 台帳`;
  }, [forced, t]);
  if (!forced) return <PasswordForm onDone={onDone ?? (() => undefined)} />;
  return (
    <main className="d-door">
      <div className="d-door-card">
        <Wordmark />
        <h1>{t('password.first')}</h1>
        <p>{t('password.firstLead')}</p>
        <PasswordForm onDone={() => undefined} />
      </div>
    </main>
  );
}

function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const { client, store } = useApi();
  const session = useSession();
  const text = useText();
  const { t } = text;
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const rules = passwordRules(session.password_rules);
  const context = { login: session.person.login, name: session.person.display_name, organisation: session.organisation_name };
  const change = useMutation({
    mutationFn: () => need(client.POST('/api/v1/session/password', { body: { current_password: current, new_password: wanted } })),
    onSuccess: (renewed) => {
      onDone();
      store.signedIn(renewed);
    },
  });
  const differs = again !== '' && again !== wanted;
  const ready = current !== '' && again === wanted && rules.every((rule) => rule.holds === null || rule.holds(wanted, context));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !change.isPending) change.mutate();
  };
  // Here "denied" means the current password, not a permission.
  const wrong = change.error instanceof ApiProblem && change.error.problem.code === 'denied' ? change.error.problem : null;
  return (
    <form className="d-stack d-form" onSubmit={submit}>
      {wrong ? <Notice level="error" live><p>{text.say(wrong)}</p></Notice> : <ProblemNotice error={change.error} />}
      <input type="text" className="d-unseen" name="username" autoComplete="username" readOnly tabIndex={-1} aria-hidden="true" value={context.login} />
      <Field label={t('password.current')} errors={fieldErrors(change.error, 'current_password', text)}>
        <TextInput value={current} onChange={setCurrent} type="password" autoComplete="current-password" name="current" wide maxLength={1024} />
      </Field>
      <Field label={t('password.new')} errors={fieldErrors(change.error, 'new_password', text)}>
        <TextInput value={wanted} onChange={setWanted} type="password" autoComplete="new-password" name="new" wide maxLength={1024} />
      </Field>
      <Rules rules={rules} password={wanted} context={context} refused={refusedKeys(change.error)} />
      <Field label={t('password.again')} errors={differs ? [t('password.differs')] : []}>
        <TextInput value={again} onChange={setAgain} type="password" autoComplete="new-password" name="again" wide maxLength={1024} invalid={differs} />
      </Field>
      <Button kind="primary" submit busy={change.isPending} disabled={!ready}>{t('password.action')}</Button>
    </form>
  );
}

function refusedKeys(error: unknown): readonly string[] {
  return error instanceof ApiProblem ? (error.problem.errors ?? []).map((e) => e.text_key) : [];
}

interface RulesProps {
  readonly rules: readonly Rule[];
  readonly password: string;
  readonly context: Parameters<NonNullable<Rule['holds']>>[1];
  readonly refused: readonly string[];
}

/** The rules, each with how it stands while typing; what only the server can tell says so. */
function Rules({ rules, password, context, refused }: RulesProps) {
  const { t } = useText();
  const numbers = useSession().password_rules;
  const id = useId();
  return (
    <div className="d-rules">
      <p id={id}>{t('password.rules')}</p>
      <ul aria-labelledby={id}>
        {rules.map((rule) => (
          <li key={rule.text}>
            <RuleMark rule={rule} password={password} context={context} refused={rule.refusals.some((key) => refused.includes(key))} />
            <span>{t(rule.text, { min: numbers.chars_min, same: numbers.same_run_max, sequence: numbers.sequence_max })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function RuleMark({ rule, password, context, refused }: Omit<RulesProps, 'refused' | 'rules'> & { readonly rule: Rule; readonly refused: boolean }) {
  const { t } = useText();
  if (password === '') return <Mark tone="none" icon="minus">{t('password.open')}</Mark>;
  if (rule.holds === null && !refused) return <Mark tone="none" icon="question">{t('password.later')}</Mark>;
  const kept = rule.holds !== null && rule.holds(password, context);
  return kept ? <Mark tone="good" icon="check">{t('password.kept')}</Mark> : <Mark tone="bad" icon="cross">{t('password.broken')}</Mark>;
}
