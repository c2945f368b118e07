import { describe, expect, it } from 'vitest';
import { moveCursor } from './cursor';

const extent = { rows: 100, columns: 5, page: 10 };

describe('moveCursor', () => {
  it.each([
    ['ArrowDown', false, { row: -1, column: 2 }, { row: 0, column: 2 }],
    ['ArrowUp', false, { row: 0, column: 2 }, { row: -1, column: 2 }],
    ['ArrowUp', false, { row: -1, column: 2 }, { row: -1, column: 2 }],
    ['ArrowDown', false, { row: 99, column: 0 }, { row: 99, column: 0 }],
    ['ArrowRight', false, { row: 3, column: 4 }, { row: 3, column: 4 }],
    ['PageDown', false, { row: 95, column: 1 }, { row: 99, column: 1 }],
    ['PageUp', false, { row: 4, column: 1 }, { row: 0, column: 1 }],
    ['Home', false, { row: 4, column: 3 }, { row: 4, column: 0 }],
    ['End', true, { row: 4, column: 0 }, { row: 99, column: 4 }],
    ['Home', true, { row: 50, column: 3 }, { row: 0, column: 0 }],
  ])('%s (ctrl %s) from %o', (key, ctrl, from, to) => expect(moveCursor(from, key, ctrl, extent)).toEqual(to));
  it('leaves other keys to the page', () => expect(moveCursor({ row: 0, column: 0 }, 'a', false, extent)).toBeNull());
  it('stays on the header of an empty grid', () => {
    expect(moveCursor({ row: -1, column: 0 }, 'End', true, { rows: 0, columns: 2, page: 5 })).toEqual({ row: -1, column: 1 });
  });
});
