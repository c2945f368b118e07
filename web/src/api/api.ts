import createClient, { type Middleware } from 'openapi-fetch';
import type { Connection } from './connection';
import { ApiProblem, isProblem, LostConnection, strangeAnswer } from './problem';
import type { paths } from './schema';
import type { SessionStore } from './session-store';

/** The server cuts a session after this much time without a request that counts (openapi.yaml, info). */
export const idleSecondsMax = 300;

/** Operations marked x-polling: they never count as an action of the person. */
const polled: readonly RegExp[] = [
  /\/healthz$/, /\/api\/v1\/session$/, /\/api\/v1\/home$/, /\/api\/v1\/sources$/, /\/api\/v1\/ledger$/, /\/api\/v1\/jobs\/[^/]+$/,
];

export const pollHeader = { 'X-Daicho-Poll': '1' } as const;

export type Client = ReturnType<typeof createClient<paths>>;

export function createApi(store: SessionStore, connection: Connection, fetcher?: (request: Request) => Promise<Response>): Client {
  const client = createClient<paths>({
    baseUrl: window.location.origin,
    credentials: 'same-origin',
    fetch: watched(connection, fetcher ?? ((request) => fetch(request))),
  });
  client.use(guard(store));
  return client;
}

function watched(connection: Connection, fetcher: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      const response = await fetcher(request);
      connection.report(false);
      return response;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      connection.report(true);
      throw new LostConnection('no answer', { cause });
    }
  };
}

function guard(store: SessionStore): Middleware {
  return {
    onRequest({ request }) {
      if (request.method === 'GET') return;
      const token = store.csrfToken();
      if (token !== null) request.headers.set('X-Daicho-CSRF', token);
      // Lets the server's log and the person's report speak of the same request.
      request.headers.set('X-Request-Id', crypto.randomUUID());
    },
    onResponse({ request, response, schemaPath }) {
      const signsIn = request.method === 'POST' && schemaPath === '/api/v1/session';
      if (response.status === 401 && !signsIn) store.expired();
      const isPoll = request.headers.has('X-Daicho-Poll') || (request.method === 'GET' && polled.some((p) => p.test(new URL(request.url).pathname)));
      if (response.ok && !isPoll) store.counted(idleSecondsMax);
    },
  };
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of an answer; anything else is thrown as ApiProblem. */
export async function need<Data>(pending: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await pending;
  if (response.ok) return data as Data;
  throw new ApiProblem(isProblem(error) ? error : strangeAnswer(response.status));
}
