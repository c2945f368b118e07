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

/** A short table in full, as against Grid. It scrolls sideways inside itself on narrow screens and prints whole. */
export function SmallTable<Row>({ caption, columns, rows, rowId, hideCaption }: Props<Row>) {
  return (
    <div className="d-table" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption className={hideCaption ? 'd-unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>{columns.map((c) => <th key={c.id} scope="col" data-align={c.align}>{c.header}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row)}>
              {columns.map((c) => c.heading
                ? <th key={c.id} scope="row">{c.cell(row)}</th>
                : <td key={c.id} data-align={c.align}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
