import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

// The shape of the sources that no compiler checks.

const root = join(import.meta.dirname, '../..');
const linesMax = 400;
const functionLinesMax = 70;
const filesPerFolderMax = 25;

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]);
}

const files = [...walk(join(root, 'src')), ...walk(join(root, 'tests'))].filter((f) => /\.tsx?$/.test(f) && !f.endsWith('schema.d.ts'));
const parsed = new Map(files.map((f) => [f, ts.createSourceFile(f, readFileSync(f, 'utf8'), ts.ScriptTarget.Latest, true, f.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)]));
const name = (file: string) => relative(root, file);

/** What a file needs while it is loaded; types are gone by then. */
function imports(file: string): string[] {
  return (parsed.get(file)?.statements ?? []).flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const specifier = statement.moduleSpecifier.text;
    if (!specifier.startsWith('.')) return [];
    const base = resolve(dirname(file), specifier);
    return ['.ts', '.tsx', '/index.ts'].map((end) => base + end).filter((f) => parsed.has(f));
  });
}

function cycleThrough(start: string): string[] | null {
  const seen = new Set<string>();
  const search = (file: string, path: readonly string[]): string[] | null => {
    for (const next of imports(file)) {
      if (next === start) return [...path, next].map(name);
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...path, next]);
      if (found) return found;
    }
    return null;
  };
  return search(start, [start]);
}

function longFunctions(file: string): string[] {
  const source = parsed.get(file);
  if (!source) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      if (last - first + 1 > functionLinesMax) found.push(`${name(file)}:${String(first + 1)} ${String(last - first + 1)} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('the sources', () => {
  it('do not import each other in circles', () => {
    expect(files.map(cycleThrough).filter((cycle) => cycle !== null)).toEqual([]);
  });
  it('have files and functions that fit on a few screens', () => {
    const long = files.filter((f) => (parsed.get(f)?.getLineStarts().length ?? 0) > linesMax).map(name);
    expect([...long, ...files.flatMap(longFunctions)]).toEqual([]);
  });
  it('keep folders small', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > filesPerFolderMax).map(([folder]) => name(folder))).toEqual([]);
  });
  it('use the part library only inside of parts, and never inline markup', () => {
    const strangers = files.filter((f) => /from 'smarthr-ui'/.test(readFileSync(f, 'utf8')) && !/src\/(parts|text\/TextProvider)/.test(f) && f !== import.meta.filename);
    const raw = files.filter((f) => f.startsWith(join(root, 'src')) && /dangerouslySetInnerHTML|\.innerHTML/.test(readFileSync(f, 'utf8')));
    expect([...strangers, ...raw].map(name)).toEqual([]);
  });
});
