import type { Cursor } from './types';

/** The element id that aria-activedescendant points to. */
export function cellId(grid: string, at: Cursor): string {
  return `${grid}-r${String(at.row)}-c${String(at.column)}`;
}
