import type { Row as TableRow } from '@tanstack/react-table';
import { useText } from '../../text/TextProvider';
import { copyText, saveFile } from '../clipboard';
import { Icon } from '../Icon';
import { Popover } from '../Popover';
import { toCsv, toTsv } from './table-text';
import type { GridColumn, GridProps } from './types';
import type { ColumnChoice } from './useColumnChoice';
import { rowsAsText } from './useGridKeys';

interface Props<Row> extends GridProps<Row> {
  readonly choice: ColumnChoice;
  readonly shown: readonly GridColumn<Row>[];
  readonly ordered: readonly TableRow<Row>[];
  readonly selected: readonly [number, number] | null;
}

export function GridTools<Row>({ columns, choice, shown, ordered, selected, more, label, exportable = true }: Props<Row>) {
  const { t } = useText();
  const chosen = selected ? ordered.slice(selected[0], selected[1] + 1) : ordered;
  const lines = () => [shown.map((c) => c.header), ...rowsAsText(chosen, shown)];
  return (
    <div className="d-grid-tools">
      <p role="status">
        {t(more?.has ? 'grid.countMore' : 'grid.count', { count: ordered.length })}
        {selected && <> · {t('grid.selected', { count: chosen.length })}</>}
        {more?.loading && <> · {t('grid.loading')}</>}
      </p>
      <Popover label={t('grid.columns')} icon="columns">
        <fieldset className="d-grid-columns">
          <legend>{t('grid.columnsShown')}</legend>
          {columns.map((column) => (
            <label key={column.id}>
              <input type="checkbox" checked={choice.isShown(column.id)} onChange={() => { choice.toggle(column.id); }} />
              {column.header}
            </label>
          ))}
        </fieldset>
      </Popover>
      {exportable && (
        <>
          <button type="button" className="d-tool" onClick={() => void copyText(toTsv(lines()))}>
            <Icon name="copy" />{t('grid.copy')}
          </button>
          <button type="button" className="d-tool" onClick={() => { saveFile(`${label}.csv`, 'text/csv', toCsv(lines())); }}>
            <Icon name="download" />{t('grid.csv')}
          </button>
        </>
      )}
    </div>
  );
}
