import type { Row as TableRow, Table } from '@tanstack/react-table';
import { useState, type KeyboardEvent, type MouseEvent } from 'react';
import { copyText } from '../clipboard';
import { moveCursor } from './cursor';
import { toTsv } from './table-text';
import type { Cursor, GridColumn, GridProps } from './types';

interface Input<Row> extends Pick<GridProps<Row>, 'onOpen' | 'exportable'> {
  readonly shown: readonly GridColumn<Row>[];
  readonly ordered: readonly TableRow<Row>[];
  readonly table: Table<Row>;
  readonly page: number;
  readonly reveal: (row: number) => void;
}

export interface GridKeys {
  readonly cursor: Cursor;
  /** First and last selected row, inclusive, or null. */
  readonly selected: readonly [number, number] | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly pickHeader: (column: number) => void;
  readonly pickCell: (at: Cursor, event: MouseEvent) => void;
}

export function rowsAsText<Row>(rows: readonly TableRow<Row>[], columns: readonly GridColumn<Row>[]): string[][] {
  return rows.map((row) => columns.map((column) => column.text(row.original)));
}

/** Cell cursor, row selection and the keys that move them. */
export function useGridKeys<Row>({ shown, ordered, table, page, reveal, onOpen, exportable = true }: Input<Row>): GridKeys {
  const [at, setAt] = useState<Cursor>({ row: -1, column: 0 });
  const [anchor, setAnchor] = useState<number | null>(null);
  // Rows and columns can disappear under the cursor (other filter, hidden column).
  const cursor = { row: Math.min(at.row, ordered.length - 1), column: Math.min(at.column, shown.length - 1) };
  const selected = anchor === null || cursor.row < 0
    ? null
    : ([Math.min(anchor, cursor.row), Math.max(anchor, cursor.row)] as const);

  const go = (to: Cursor, extend: boolean) => {
    setAnchor(extend ? (anchor ?? Math.max(0, cursor.row)) : null);
    setAt(to);
    if (to.row >= 0) reveal(to.row);
  };
  const pickHeader = (column: number) => {
    const id = shown[column]?.id;
    const sortable = id === undefined ? undefined : table.getColumn(id);
    setAt({ row: -1, column });
    setAnchor(null);
    if (sortable?.getCanSort()) sortable.toggleSorting();
  };
  const open = (row: number) => {
    const found = ordered[row];
    if (found) onOpen?.(found.original);
  };
  const copy = () => {
    const [first, last] = selected ?? [cursor.row, cursor.row];
    void copyText(toTsv(rowsAsText(ordered.slice(first, last + 1), shown)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const to = moveCursor(cursor, event.key, ctrl, { rows: ordered.length, columns: shown.length, page });
    if (to) go(to, event.shiftKey);
    else if (ctrl && event.key === 'c' && exportable && cursor.row >= 0 && window.getSelection()?.isCollapsed !== false) copy();
    else if (ctrl) return;
    else if (event.key === 'Enter' || event.key === ' ') cursor.row < 0 ? pickHeader(cursor.column) : open(cursor.row);
    else return;
    event.preventDefault();
  };
  const pickCell = (to: Cursor, event: MouseEvent) => {
    go(to, event.shiftKey);
    if (!event.shiftKey && window.getSelection()?.isCollapsed !== false) open(to.row);
  };
  return { cursor, selected, onKeyDown, pickHeader, pickCell };
}
