import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { need } from '../api/api';
import { useApi } from '../api/ApiContext';
import { ApiProblem } from '../api/problem';
import { Button } from '../parts/Button';
import { Field, TextInput } from '../parts/Field';
import { Notice } from '../parts/Notice';
import { ProblemNotice } from '../parts/ProblemNotice';
import type { Language } from '../text/catalogues';
import { useText } from '../text/TextProvider';
import { LanguageSwitch } from './LanguageSwitch';
import { Wordmark } from './Wordmark';

interface Props {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function SignIn({ language, onLanguage }: Props) {
  const { t } = useText();
  useEffect(() => {
    document.title = `${t('signin.title')} - daicho 台帳`;
  }, [t]);
  return (
    <main className="d-door">
      <div className="d-door-card">
        <Wordmark />
        <h1>{t('signin.title')}</h1>
        <SignInForm />
      </div>
      <LanguageSwitch language={language} onChoose={onLanguage} />
    </main>
  );
}

interface FormProps {
  /** Signing in again after the session was cut: only this person. */
  readonly login?: string;
  readonly onDone?: () => void;
}

export function SignInForm({ login: fixed, onDone }: FormProps) {
  const { client, store } = useApi();
  const { t, say } = useText();
  const [login, setLogin] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const signIn = useMutation({
    mutationFn: () => need(client.POST('/api/v1/session', { body: { login, password } })),
    onSuccess: (session) => {
      // Somebody else must not see what the first person had open.
      const other = fixed !== undefined && session.person.login !== fixed;
      if (other) window.location.reload();
      else store.signedIn(session);
      onDone?.();
    },
    onError: () => {
      setPassword('');
      form.current?.querySelector<HTMLInputElement>('input[type=password]')?.focus();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending && login !== '' && password !== '') signIn.mutate();
  };
  const refused = signIn.error instanceof ApiProblem && signIn.error.problem.status < 500 ? signIn.error.problem : null;
  return (
    <form className="d-stack" ref={form} onSubmit={submit}>
      {refused
        ? <Notice level="error" live><p><strong>{say(refused)}</strong></p><p>{t('signin.next')}</p></Notice>
        : <ProblemNotice error={signIn.error} />}
      <Field label={t('signin.login')}>
        <TextInput
          value={login} onChange={setLogin} name="login" autoComplete="username" wide readOnly={fixed !== undefined} maxLength={64}
          autoFocus={fixed === undefined}
        />
      </Field>
      <Field label={t('signin.password')}>
        <TextInput
          value={password} onChange={setPassword} type="password" name="password" autoComplete="current-password" wide
          maxLength={1024} autoFocus={fixed !== undefined}
        />
      </Field>
      <Button kind="primary" submit busy={signIn.isPending}>{t('signin.action')}</Button>
    </form>
  );
}
