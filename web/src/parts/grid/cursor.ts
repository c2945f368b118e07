import type { Cursor } from './types';

interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly page: number;
}

/** Where a key moves the cell cursor to, or null when the key is none of the grid's (WAI-ARIA grid pattern). */
export function moveCursor(at: Cursor, key: string, ctrl: boolean, extent: Extent): Cursor | null {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  const to = (row: number, column: number): Cursor => ({
    row: Math.max(-1, Math.min(lastRow, row)),
    column: Math.max(0, Math.min(lastColumn, column)),
  });
  switch (key) {
    case 'ArrowDown': return to(at.row + 1, at.column);
    case 'ArrowUp': return to(at.row - 1, at.column);
    case 'ArrowRight': return to(at.row, at.column + 1);
    case 'ArrowLeft': return to(at.row, at.column - 1);
    case 'PageDown': return to(at.row + extent.page, at.column);
    case 'PageUp': return to(Math.max(0, at.row - extent.page), at.column);
    case 'Home': return ctrl ? to(Math.min(0, lastRow), 0) : to(at.row, 0);
    case 'End': return ctrl ? to(lastRow, lastColumn) : to(at.row, lastColumn);
    default: return null;
  }
}
