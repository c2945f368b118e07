import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { judgeAnswer, judgeRequest, match, type Match } from './contract';
import { routes, type Answer } from './routes';
import { World } from './world';

// Stands in for daicho in browser tests: the built pages under the strict policy, and answers out of memory that are
// checked against openapi.yaml. It is no second implementation: what it accepts proves nothing about the server.

export const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

const dist = join(import.meta.dirname, '../../dist');
const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

export interface Mock {
  readonly url: string;
  /** Replaced by a fresh one with reset(). */
  world: World;
  readonly reset: () => World;
  readonly close: () => Promise<void>;
}

export async function startMock(port: number): Promise<Mock> {
  const mock: { world: World } = { world: new World() };
  const server: Server = createServer((request, response) => {
    serve(mock.world, request, response).catch((error: unknown) => {
      mock.world.breaches.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${String(bound)}`,
    get world() { return mock.world; },
    reset: () => (mock.world = new World()),
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => { resolve(); });
    }),
  };
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (world.down) {
    request.socket.destroy();
    return;
  }
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (url.pathname.startsWith('/api/')) await serveApi(world, request, response, url);
  else serveFile(response, url.pathname);
}

function serveFile(response: ServerResponse, pathname: string): void {
  const wanted = join(dist, normalize(pathname));
  const file = extname(pathname) !== '' && wanted.startsWith(dist) && existsSync(wanted) ? wanted : join(dist, 'index.html');
  response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
  response.end(readFileSync(file));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

async function serveApi(world: World, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const method = request.method ?? 'GET';
  const found = match(method, url.pathname);
  const body = await bodyOf(request);
  if (!found) {
    world.breaches.push(`${method} ${url.pathname} is not described`);
    send(response, { status: 404, problem: { code: 'not_found', text_key: 'common.not_found' } });
    return;
  }
  note(world, `${method} ${found.route} request`, judgeRequest(method, found, body));
  const answer = dispatch(world, request, response, { found, method, body, url });
  const shown = answer.problem ? problemBody(answer) : answer.body;
  if (!answer.file) note(world, `${method} ${found.route} answer ${String(answer.status)}`, judgeAnswer(method, found, answer.status, shown));
  send(response, answer);
}

function note(world: World, what: string, complaints: readonly string[]): void {
  for (const complaint of complaints) world.breaches.push(`${what}: ${complaint}`);
}

interface Asked {
  readonly found: Match;
  readonly method: string;
  readonly body: unknown;
  readonly url: URL;
}

const denied = (text_key: string): Answer => ({ status: 403, problem: { code: 'denied', text_key } });

function dispatch(world: World, request: IncomingMessage, response: ServerResponse, { found, method, body, url }: Asked): Answer {
  const name = `${method} ${found.route}`;
  if (name === 'POST /api/v1/session') return signIn(world, response, body as { login: string; password: string });
  const token = /__Host-daicho=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const counts = found.operation['x-polling'] !== true && request.headers['x-daicho-poll'] === undefined;
  const session = world.resume(token, counts);
  if (!session) return { status: 401, problem: { code: token === '' ? 'unauthorised' : 'expired', text_key: token === '' ? 'access.sign_in_required' : 'access.session_ended' } };
  if (found.operation['x-csrf'] === 'token' && request.headers['x-daicho-csrf'] !== session.csrf) return denied('access.csrf');
  if (name === 'GET /api/v1/session') return { status: 200, body: world.sessionOf(session) };
  if (name === 'DELETE /api/v1/session') {
    world.sessions.delete(token);
    response.setHeader('Set-Cookie', '__Host-daicho=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0');
    return { status: 204 };
  }
  if (name === 'POST /api/v1/session/password') return changePassword(world, session.personId, body as Passwords, () => world.sessionOf(session));
  if (world.mustChange.has(session.personId)) return denied('access.password_change_required');
  const permission = found.operation['x-permission'];
  if (permission !== 'session' && !world.permissions(session.personId).some((p) => p === permission)) return denied('access.denied');
  const handler = routes[name];
  if (!handler) throw new Error(`the stand-in does not answer ${name}`);
  return handler({ world, personId: session.personId, params: found.params, query: url.searchParams, body });
}

function signIn(world: World, response: ServerResponse, { login, password }: { login: string; password: string }): Answer {
  const made = world.signIn(login, password);
  if (!made) return { status: 401, problem: { code: 'unauthorised', text_key: 'access.sign_in_failed' } };
  response.setHeader('Set-Cookie', `__Host-daicho=${made.token}; Path=/; Secure; HttpOnly; SameSite=Strict`);
  return { status: 200, body: world.sessionOf(made.session) };
}

interface Passwords {
  readonly current_password: string;
  readonly new_password: string;
}

function changePassword(world: World, personId: string, sent: Passwords, session: () => unknown): Answer {
  if (world.secrets.get(personId) !== sent.current_password) return denied('access.wrong_password');
  if (sent.new_password.includes('password')) {
    return { status: 400, problem: { code: 'invalid', text_key: 'password.refused', errors: [{ pointer: '/new_password', text_key: 'password.blocked', params: {} }] } };
  }
  world.secrets.set(personId, sent.new_password);
  world.mustChange.delete(personId);
  return { status: 200, body: session() };
}

function problemBody({ status, problem }: Answer): unknown {
  return { type: 'about:blank', title: 'Refused', status, params: {}, ...problem };
}

function send(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.status;
  if (answer.file) {
    response.setHeader('Content-Type', answer.file.type);
    response.setHeader('Content-Disposition', `attachment; filename="${answer.file.name}"`);
    response.end(answer.file.bytes);
  } else if (answer.problem) {
    response.setHeader('Content-Type', 'application/problem+json');
    response.end(JSON.stringify(problemBody(answer)));
  } else if (answer.body === undefined) {
    response.end();
  } else {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer.body));
  }
}
