import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import { catalogues, server, ui } from './catalogues';

const root = join(import.meta.dirname, '..');

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'text' && !/\.test\.|schema\.d\.ts/.test(entry.name))
    .map((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : /\.tsx?$/.test(entry.name) ? readFileSync(join(folder, entry.name), 'utf8') : ''))
    .join('\n');
}

/** Names of what a message asks to be filled in, with how it is formatted. */
function placeholders(elements: readonly MessageFormatElement[]): Set<string> {
  const names = new Set<string>();
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    names.add(element.value);
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) for (const name of placeholders(option.value)) names.add(name);
    }
  }
  return names;
}

const namesIn = (message: string) => [...placeholders(parse(message))].sort();

describe('message catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(catalogues.en).sort()).toEqual(Object.keys(catalogues.ja).sort());
  });
  it('are valid ICU messages with the same placeholders in both languages', () => {
    const differing = Object.entries(catalogues.ja).filter(([key, ja]) => namesIn(ja).join() !== namesIn(catalogues.en[key] ?? '').join());
    expect(differing.map(([key]) => key)).toEqual([]);
  });
  it('hold no empty message', () => {
    const all = [...Object.entries(catalogues.ja), ...Object.entries(catalogues.en)];
    expect(all.filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
  });
  it('hold nothing of the server under the prefix of the pages', () => {
    expect(Object.keys(server.ja).filter((key) => key.startsWith('ui.'))).toEqual([]);
  });
  it('hold no key that no page uses', () => {
    const code = sources(root) + readFileSync(join(root, 'text/TextProvider.tsx'), 'utf8');
    // Keys made from the name of a search field are the one family that is not written out.
    const families = /^search\.(host|app|user|address)$/;
    const unused = Object.keys(ui.ja).filter((key) => !families.test(key) && !code.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });
});

interface Described {
  readonly 'x-text-keys'?: Readonly<Record<string, readonly string[] | null>>;
}

const openapiText = readFileSync(join(root, '../../openapi.yaml'), 'utf8');
const openapi = parseYaml(openapiText) as Described;

const programFolder = join(root, '../../src');

/** text_keys as the program gives them to refusals, problems, fields and messages. */
function programKeys(): string[] {
  const code = cppSources(programFolder);
  const shapes = [
    /refuse\(\s*Errc::\w+,\s*"([a-z_.0-9]+)"/g, /problem\(\d+,\s*"\w+",\s*"([a-z_.0-9]+)"/g, /tell\(pointer,\s*"([a-z_.0-9]+)"/g,
    /\{"[/?][^"]*",\s*"([a-z_.0-9]+)"/g, /message\("([a-z_.0-9]+)"/g, /rule\([^;]*?,\s*"(password\.[a-z_]+)"\)/g, /add\("\w+",\s*"(ledger\.[a-z_.0-9]+)"/g,
  ];
  return [...new Set(shapes.flatMap((shape) => [...code.matchAll(shape)].map((found) => found[1] ?? '')))].sort();
}

function cppSources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return cppSources(path);
      return entry.name.endsWith('.cpp') && !entry.name.endsWith('_test.cpp') ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

// Only the command line says these.
const commandLineOnly = /^(import|daemon|init|cli)\./;

describe('texts the server names', () => {
  it('exist for every refusal and message in the program', () => {
    const keys = programKeys().filter((key) => !commandLineOnly.test(key));
    expect(keys.length).toBeGreaterThan(50);
    // A key that ends in _ is the beginning of a family that the program puts together.
    const known = (key: string) => (key.endsWith('_') ? Object.keys(server.ja).some((one) => one.startsWith(key)) : Object.hasOwn(server.ja, key));
    expect(keys.filter((key) => !known(key))).toEqual([]);
  });
  it('exist for every text_key that openapi.yaml lists, with no placeholder it does not fill', () => {
    const listed = Object.entries(openapi['x-text-keys'] ?? {});
    const missing = listed.filter(([key]) => !Object.hasOwn(server.ja, key)).map(([key]) => key);
    const unfilled = listed.filter(([key, params]) => namesIn(catalogues.ja[key] ?? '').some((name) => !(params ?? []).includes(name))).map(([key]) => key);
    expect({ missing, unfilled }).toEqual({ missing: [], unfilled: [] });
  });
  it('exist for every kind of fact that the examples of the controls use', () => {
    const folder = join(root, '../../content/controls');
    const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const kinds = [...new Set([...text.matchAll(/kind: ([a-z]+\.[a-z]+)/g)].map((found) => `fact.${found[1] ?? ''}`))];
    expect(kinds.length).toBeGreaterThan(7);
    expect(kinds.filter((key) => !Object.hasOwn(server.ja, key))).toEqual([]);
  });
  it('exist for every text_key of a problem that openapi.yaml gives as an example', () => {
    const keys = [...openapiText.matchAll(/status: [45]\d\d, code: \w+, text_key: ([a-z_.-]+)/g)].map((match) => match[1] ?? '');
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !Object.hasOwn(server.ja, key))).toEqual([]);
  });
});
