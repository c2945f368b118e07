import type { Table } from '@tanstack/react-table';
import { Icon } from '../Icon';
import { cellId } from './ids';
import type { Cursor, GridColumn } from './types';

interface Props<Row> {
  readonly id: string;
  readonly shown: readonly GridColumn<Row>[];
  readonly table: Table<Row>;
  readonly cursor: Cursor;
  readonly onPick: (column: number) => void;
}

const sortWord = { asc: 'ascending', desc: 'descending' } as const;

export function GridHead<Row>({ id, shown, table, cursor, onPick }: Props<Row>) {
  return (
    <thead>
      <tr role="row" aria-rowindex={1}>
        {shown.map((column, index) => {
          const inTable = table.getColumn(column.id);
          const sorted = inTable?.getIsSorted() || null;
          const sortable = inTable?.getCanSort() ?? false;
          const here = cursor.row === -1 && cursor.column === index;
          return (
            <th
              key={column.id} id={cellId(id, { row: -1, column: index })} role="columnheader" aria-colindex={index + 1}
              {...(sortable ? { 'aria-sort': sorted ? sortWord[sorted] : ('none' as const) } : {})}
              data-here={here || undefined} data-sortable={sortable || undefined} data-align={column.align}
              onClick={() => { onPick(index); }}
            >
              {column.header}
              {sorted && <Icon name={sorted === 'asc' ? 'up' : 'down'} />}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
