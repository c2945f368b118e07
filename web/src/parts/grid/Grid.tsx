import {
  getCoreRowModel, getSortedRowModel, useReactTable, type ColumnDef, type Row as TableRow, type SortingState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type CSSProperties } from 'react';
import { flushSync } from 'react-dom';
import { GridBody } from './GridBody';
import { GridHead } from './GridHead';
import { GridTools } from './GridTools';
import { cellId } from './ids';
import type { GridProps } from './types';
import { useGridKeys } from './useGridKeys';
import { useColumnChoice } from './useColumnChoice';

const rowHeightPx = 34;
const headHeightPx = 36;
/** Paper is finite: more rows than this are exported, not printed. */
const printedRowsMax = 2000;

/** The one grid: every list that can grow long is shown by it. Only rows near the view are in the document. */
export function Grid<Row>(props: GridProps<Row>) {
  const { columns, rows, rowId, more, rowsShown = 14 } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<SortingState>([]);
  const choice = useColumnChoice(props.name, columns);
  const shown = useMemo(() => columns.filter((c) => choice.isShown(c.id)), [columns, choice]);
  const defs = useMemo(() => columns.map((column) => tableColumn(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useReactTable({
    data, columns: defs, state: { sorting }, onSortingChange: setSorting, getRowId: rowId,
    getCoreRowModel: getCoreRowModel(), getSortedRowModel: getSortedRowModel(), enableSortingRemoval: true,
  });
  const ordered: TableRow<Row>[] = table.getRowModel().rows;
  const printing = usePrinting();
  const virtual = useVirtualizer({
    count: ordered.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeightPx,
    overscan: 10, scrollPaddingStart: headHeightPx,
  });
  const items = virtual.getVirtualItems();
  const keys = useGridKeys({ ...props, shown, ordered, table, page: rowsShown - 1, reveal: (row) => { virtual.scrollToIndex(row); } });
  useLoadMore(items.at(-1)?.index ?? -1, ordered.length, printing ? undefined : more);

  if (rows.length === 0 && !more?.loading) return <>{props.empty}</>;
  const widths = shown.reduce((sum, c) => sum + c.width, 0);
  // CSSOM, which the content security policy allows, unlike a style attribute in markup.
  const scrollStyle: CSSProperties = { maxHeight: headHeightPx + rowHeightPx * rowsShown + 2 };
  const active = keys.cursor.row === -1 || items.some((i) => i.index === keys.cursor.row);
  return (
    <div className="d-grid">
      <GridTools {...props} choice={choice} shown={shown} ordered={ordered} selected={keys.selected} />
      <div className="d-grid-scroll" ref={scroller} style={scrollStyle}>
        <table
          role="grid" tabIndex={0} aria-label={props.label} style={{ minWidth: widths }}
          aria-rowcount={more?.has ? -1 : ordered.length + 1} aria-colcount={shown.length} aria-multiselectable="true"
          aria-activedescendant={active ? cellId(id, keys.cursor) : undefined} onKeyDown={keys.onKeyDown}
        >
          <colgroup>{shown.map((c) => <col key={c.id} style={{ width: c.width }} />)}</colgroup>
          <GridHead id={id} shown={shown} table={table} cursor={keys.cursor} onPick={keys.pickHeader} />
          <GridBody
            id={id} shown={shown} ordered={printing ? ordered.slice(0, printedRowsMax) : ordered}
            items={printing ? null : items} totalPx={virtual.getTotalSize()} keys={keys} openId={props.openId ?? null}
          />
        </table>
      </div>
    </div>
  );
}

function tableColumn<Row>(column: GridProps<Row>['columns'][number]): ColumnDef<Row> {
  const { sortBy } = column;
  if (!sortBy) return { id: column.id, enableSorting: false };
  return { id: column.id, accessorFn: sortBy, sortingFn: 'auto', sortDescFirst: false };
}

function useLoadMore(lastIndex: number, count: number, more: GridProps<unknown>['more']) {
  const near = lastIndex >= count - 20;
  useEffect(() => {
    if (near && more?.has && !more.loading) more.load();
  }, [near, count, more]);
}

/** While the browser prints, every row is in the document. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => { flushSync(() => { setPrinting(true); }); };
    const after = () => { setPrinting(false); };
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}
