import type { Schemas } from '../../api/problem';
import type { UiKey } from '../../text/catalogues';

type Source = Pick<Schemas['Source'], 'source_id' | 'authenticated'>;

/** Files that somebody took in at the command line: nothing is expected to arrive by itself. */
export function isImport(source: Source): boolean {
  return source.source_id.startsWith('import:');
}

/** How sure it is who sent this. */
export function identityOf(source: Source): 'source.imported' | 'source.authenticated' | 'source.addressOnly' {
  if (isImport(source)) return 'source.imported';
  return source.authenticated ? 'source.authenticated' : 'source.addressOnly';
}

export const identityInFull: Record<ReturnType<typeof identityOf>, UiKey> = {
  'source.imported': 'source.importedLong',
  'source.authenticated': 'source.authenticated',
  'source.addressOnly': 'source.addressOnlyLong',
};
