import type { Row as TableRow } from '@tanstack/react-table';
import type { VirtualItem } from '@tanstack/react-virtual';
import { cellId } from './ids';
import type { GridColumn } from './types';
import type { GridKeys } from './useGridKeys';

interface Props<Row> {
  readonly id: string;
  readonly shown: readonly GridColumn<Row>[];
  readonly ordered: readonly TableRow<Row>[];
  /** The rows near the view; null draws all of them (printing). */
  readonly items: readonly VirtualItem[] | null;
  readonly totalPx: number;
  readonly keys: GridKeys;
  readonly openId: string | null;
}

export function GridBody<Row>({ id, shown, ordered, items, totalPx, keys, openId }: Props<Row>) {
  const above = items?.[0]?.start ?? 0;
  const below = items ? totalPx - (items.at(-1)?.end ?? totalPx) : 0;
  const indices = items ? items.map((item) => item.index) : ordered.map((_, index) => index);
  return (
    <tbody>
      <Spacer heightPx={above} span={shown.length} />
      {indices.map((index) => {
        const row = ordered[index];
        if (!row) return null;
        const chosen = keys.selected !== null && index >= keys.selected[0] && index <= keys.selected[1];
        return (
          <tr
            key={row.id} role="row" aria-rowindex={index + 2} aria-selected={chosen}
            data-open={row.id === openId || undefined}
          >
            {shown.map((column, at) => (
              <td
                key={column.id} id={cellId(id, { row: index, column: at })} role="gridcell" aria-colindex={at + 1}
                data-here={(keys.cursor.row === index && keys.cursor.column === at) || undefined}
                data-align={column.align} data-mono={column.mono}
                onClick={(event) => { keys.pickCell({ row: index, column: at }, event); }}
              >
                {column.cell ? column.cell(row.original) : column.text(row.original)}
              </td>
            ))}
          </tr>
        );
      })}
      <Spacer heightPx={below} span={shown.length} />
    </tbody>
  );
}

function Spacer({ heightPx, span }: { readonly heightPx: number; readonly span: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr className="d-grid-spacer" aria-hidden="true">
      <td colSpan={span} style={{ height: heightPx }} />
    </tr>
  );
}
