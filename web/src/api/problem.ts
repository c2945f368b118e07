import type { components } from './schema';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** The server refused or failed, in the form of RFC 9457. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** No answer reached us: whether the server acted on the request is not known. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';
}

/** Something answered that is not daicho (a proxy, a half-started server), so that there is no problem to show. */
export function strangeAnswer(status: number): Problem {
  const code = status === 401 ? 'unauthorised' : status === 503 ? 'unavailable' : 'fault';
  return { type: 'about:blank', title: 'Unreadable answer', status, code, text_key: 'web.strange_answer', params: { status: String(status) } };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'text_key' in value && 'code' in value && 'status' in value;
}
