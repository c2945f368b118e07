import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

// openapi.yaml as the judge of the stand-in server: what it answers and what the pages send must fit the description.

interface Operation {
  readonly 'x-permission': string;
  readonly 'x-polling'?: boolean;
  readonly 'x-csrf': 'none' | 'origin' | 'token';
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Match {
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly operation: Operation;
}

const file = join(import.meta.dirname, '../../../openapi.yaml');
const api = parse(readFileSync(file, 'utf8')) as Api;
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(api as object, 'openapi');

const pointer = (parts: readonly string[]) => `openapi#/${parts.map((p) => p.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent).join('/')}`;

const compiled = new Map<string, ValidateFunction>();

function validator(parts: readonly string[]): ValidateFunction {
  const ref = pointer(parts);
  const known = compiled.get(ref);
  if (known) return known;
  const made = ajv.compile({ $ref: ref });
  compiled.set(ref, made);
  return made;
}

export function match(method: string, path: string): Match | null {
  for (const [route, item] of Object.entries(api.paths)) {
    const names = [...route.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '');
    const found = new RegExp(`^${route.replaceAll('.', '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    const operation = item[method.toLowerCase()];
    if (!found || !operation) continue;
    const params = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')]));
    return { route, params, operation };
  }
  return null;
}

/** Complaints about a body, empty when it fits. */
export function judgeRequest(method: string, { route, operation }: Match, body: unknown): string[] {
  if (!operation.requestBody) return body === undefined ? [] : ['a body where none is described'];
  return judge(['paths', route, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'], body);
}

export function judgeAnswer(method: string, { route, operation }: Match, status: number, body: unknown): string[] {
  if (status >= 400) return judge(['components', 'schemas', 'Problem'], body);
  if (!(String(status) in operation.responses)) return [`status ${String(status)} is not described`];
  if (body === undefined) return [];
  return judge(['paths', route, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema'], body);
}

function judge(parts: readonly string[], body: unknown): string[] {
  const check = validator(parts);
  if (check(body)) return [];
  return (check.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''} ${JSON.stringify(e.params)}`);
}
