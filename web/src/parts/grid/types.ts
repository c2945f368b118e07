import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** Plain text of the cell: copied, exported, and shown unless `cell` draws something richer. */
  readonly text: (row: Row) => string;
  readonly cell?: (row: Row) => ReactNode;
  /** Without it the column cannot be sorted by. */
  readonly sortBy?: (row: Row) => string | number;
  /** Starting width in CSS pixels. */
  readonly width: number;
  readonly align?: 'end';
  readonly mono?: boolean;
  /** Not shown until chosen; `narrow` hides it only on narrow screens. */
  readonly hidden?: 'always' | 'narrow';
}

export interface MoreRows {
  readonly has: boolean;
  readonly loading: boolean;
  readonly load: () => void;
}

export interface GridProps<Row> {
  /** Names the grid for assistive technology and the exported file. */
  readonly label: string;
  /** Under this name the chosen columns are remembered in the browser. */
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** Enter or double click on a row; also a single click when given. */
  readonly onOpen?: (row: Row) => void;
  /** The row that is open beside the grid, drawn as current. */
  readonly openId?: string | null;
  readonly more?: MoreRows;
  readonly empty: ReactNode;
  /** Rows visible before the grid scrolls inside itself. */
  readonly rowsShown?: number;
  /** False takes copying and saving away: the person may see the rows, not carry them off. */
  readonly exportable?: boolean;
}

export interface Cursor {
  /** -1 is the header row. */
  readonly row: number;
  readonly column: number;
}
