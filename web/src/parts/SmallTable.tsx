import type { ReactNode } from 'react';

export interface SmallColumn<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** Names the row. */
  readonly heading?: boolean;
}

interface Props<Row> {
  readonly caption: string;
  readonly columns: readonly SmallColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly hideCaption?: boolean;
}

/**
 * A short table in full, as against Grid. On narrow screens every row becomes a card with the headers beside its values;
 * the roles are written out because browsers drop those of a table that is not laid out as one.
 */
export function SmallTable<Row>({ caption, columns, rows, rowId, hideCaption }: Props<Row>) {
  return (
    <div className="d-table" tabIndex={0} role="group" aria-label={caption}>
      <table role="table">
        <caption className={hideCaption ? 'd-unseen' : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">{columns.map((c) => <th key={c.id} role="columnheader" scope="col" data-align={c.align}>{c.header}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowId(row)} role="row">
              {columns.map((c) => c.heading
                ? <th key={c.id} role="rowheader" scope="row" data-label={c.header}>{c.cell(row)}</th>
                : <td key={c.id} role="cell" data-align={c.align} data-label={c.header}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
