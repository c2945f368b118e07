import { beforeEach, describe, expect, it } from 'vitest';
import { createApi, need, pollHeader, type Client } from './api';
import { Connection } from './connection';
import { ApiProblem, LostConnection, type Schemas } from './problem';
import { SessionStore } from './session-store';

const session = { csrf_token: 'token-of-the-session', idle_seconds_left: 100, preferences: { language: 'ja', date_style: 'iso' } } as Schemas['Session'];

let store: SessionStore;
let connection: Connection;
let client: Client;
let seen: Request[];
let reply: () => Response;

beforeEach(() => {
  store = new SessionStore();
  connection = new Connection();
  seen = [];
  reply = () => Response.json({});
  client = createApi(store, connection, (request) => {
    seen.push(request);
    return Promise.resolve(reply());
  });
  store.signedIn(session);
});

const problem = (status: number, code: string) => () =>
  Response.json({ type: 'about:blank', title: 'x', status, code, text_key: 'common.invalid', params: {} }, { status, headers: { 'Content-Type': 'application/problem+json' } });

describe('the client', () => {
  it('sends the token and a request id with what changes something, and neither with reads', async () => {
    await client.DELETE('/api/v1/session');
    await client.GET('/api/v1/settings');
    expect(seen[0]?.headers.get('X-Daicho-CSRF')).toBe('token-of-the-session');
    expect(seen[0]?.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen[1]?.headers.get('X-Daicho-CSRF')).toBeNull();
  });
  it('throws a refusal as the problem it is', async () => {
    reply = problem(409, 'conflict');
    await expect(need(client.GET('/api/v1/settings'))).rejects.toSatisfy((e) => e instanceof ApiProblem && e.problem.code === 'conflict');
  });
  it('makes a problem of an answer that is none of daicho', async () => {
    reply = () => new Response('<html>502</html>', { status: 502 });
    await expect(need(client.GET('/api/v1/settings'))).rejects.toSatisfy((e) => e instanceof ApiProblem && e.problem.text_key === 'web.strange_answer');
  });
  it('keeps the person but marks the session as cut after a 401', async () => {
    reply = problem(401, 'expired');
    await client.GET('/api/v1/settings');
    expect(store.state()).toMatchObject({ kind: 'signed-in', expired: true });
  });
  it('does not take a refused sign-in for a cut session', async () => {
    reply = problem(401, 'unauthorised');
    await client.POST('/api/v1/session', { body: { login: 'a', password: 'b' } });
    expect(store.state()).toMatchObject({ expired: false });
  });
  it('starts the idle time anew by what counts, and not by polling', async () => {
    await client.GET('/api/v1/home');
    await client.GET('/api/v1/settings', { headers: pollHeader });
    expect(store.secondsLeft()).toBeLessThanOrEqual(100);
    await client.GET('/api/v1/settings');
    expect(store.secondsLeft()).toBe(300);
  });
  it('reports a lost connection, and its return', async () => {
    const broken = createApi(store, connection, () => Promise.reject(new TypeError('fetch failed')));
    await expect(need(broken.GET('/api/v1/settings'))).rejects.toBeInstanceOf(LostConnection);
    expect(connection.lost()).toBe(true);
    await client.GET('/api/v1/settings');
    expect(connection.lost()).toBe(false);
  });
});
