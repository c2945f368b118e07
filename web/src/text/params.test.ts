import { describe, expect, it } from 'vitest';
import { makeDates } from '../time/useDates';
import { withChosenDates } from './params';

const wareki = makeDates('Asia/Tokyo', 'wareki');
const instant = (value: string) => ({ type: 'instant', value });

describe('a sentence of the content', () => {
  it('tells its times as the reader chose, and a deadline at midnight as the end of a day', () => {
    const params = { at: instant('2026-11-22T18:29:00+09:00'), due: instant('2026-11-30T00:00:00+09:00') };
    expect(withChosenDates('2026-11-22 18:29までの記録を点検済みです。次の期限は2026-11-30 00:00です。', params, wareki))
      .toBe('令和8年11月22日 18:29までの記録を点検済みです。次の期限は令和8年11月29日 24:00です。');
  });
  it('keeps a time that is no parameter, such as one inside the name of a source', () => {
    const params = { source: { type: 'source', value: 'import:2026-11-22 18:29' } };
    expect(withChosenDates('import:2026-11-22 18:29', params, wareki)).toBe('import:2026-11-22 18:29');
  });
});
