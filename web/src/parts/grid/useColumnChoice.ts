import { useMemo, useState } from 'react';
import { remembered, remember } from '../remember';
import type { GridColumn } from './types';

export interface ColumnChoice {
  readonly isShown: (id: string) => boolean;
  readonly toggle: (id: string) => void;
}

const narrowPx = 720;

/** Which columns are shown; the choice outlives the page in the browser's own storage. */
export function useColumnChoice<Row>(name: string, columns: readonly GridColumn<Row>[]): ColumnChoice {
  const key = `grid.${name}`;
  const [chosen, setChosen] = useState<Record<string, boolean>>(() => remembered(key) ?? {});
  return useMemo(() => {
    const narrow = window.innerWidth < narrowPx;
    const initially = new Map(columns.map((c) => [c.id, !(c.hidden === 'always' || (c.hidden === 'narrow' && narrow))]));
    const isShown = (id: string) => chosen[id] ?? initially.get(id) ?? true;
    const toggle = (id: string) => {
      const next = { ...chosen, [id]: !isShown(id) };
      // A grid without columns could not be asked for its columns again.
      if (!columns.some((c) => next[c.id] ?? initially.get(c.id) ?? true)) return;
      setChosen(next);
      remember(key, next);
    };
    return { isShown, toggle };
  }, [chosen, columns, key]);
}
