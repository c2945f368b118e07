import type { ReactNode } from 'react';
import { ApiProblem, LostConnection, type Problem } from '../api/problem';
import type { UiKey } from '../text/catalogues';
import { useText, type Text } from '../text/TextProvider';
import { Notice } from './Notice';

interface Props {
  readonly error: unknown;
  /** Nothing was to be changed: only the display failed. */
  readonly reading?: boolean;
  readonly action?: ReactNode;
}

const next: Partial<Record<Problem['code'], UiKey>> = {
  invalid: 'problem.next.invalid',
  denied: 'problem.next.denied',
  not_found: 'problem.next.not_found',
  conflict: 'problem.next.conflict',
  tampered: 'problem.next.tampered',
  locked: 'problem.next.locked',
  too_large: 'problem.next.too_large',
  unavailable: 'problem.next.unavailable',
  fault: 'problem.next.fault',
};

/** What happened, what was kept, what to do next: three sentences, always in this order. */
export function ProblemNotice({ error, reading, action }: Props) {
  const text = useText();
  if (error === null || error === undefined) return null;
  // An ended session has its own dialog, which keeps the page as it is.
  if (error instanceof ApiProblem && error.problem.status === 401) return null;
  const [what, kept, then] = sentences(error, reading ?? false, text);
  return (
    <Notice level="error" live action={action}>
      <p><strong>{what}</strong></p>
      <p>{kept} {then}</p>
      {error instanceof ApiProblem && error.problem.incident !== undefined && (
        <p>{text.t('problem.incident', { id: error.problem.incident })}</p>
      )}
    </Notice>
  );
}

function sentences(error: unknown, reading: boolean, { t, say }: Text): readonly [string, string, string] {
  if (error instanceof LostConnection) {
    return [t('problem.lost'), t(reading ? 'problem.kept.reading' : 'problem.kept.unsure'), t('problem.next.lost')];
  }
  if (error instanceof ApiProblem) {
    const sure = error.problem.code !== 'fault';
    const kept = reading ? 'problem.kept.reading' : sure ? 'problem.kept.nothing' : 'problem.kept.unsure';
    return [say(error.problem), t(kept), t(next[error.problem.code] ?? 'problem.next.fault')];
  }
  return [t('problem.own'), t(reading ? 'problem.kept.reading' : 'problem.kept.unsure'), t('problem.next.own')];
}

/** The sentences for one field of a refused form: pointers are RFC 6901 into the body. */
export function fieldErrors(error: unknown, name: string, { say }: Pick<Text, 'say'>): string[] {
  if (!(error instanceof ApiProblem)) return [];
  return (error.problem.errors ?? []).filter((e) => e.pointer === `/${name}` || e.pointer.startsWith(`/${name}/`)).map(say);
}
