import { describe, expect, it } from 'vitest';
import { makeDates } from './useDates';

const wareki = makeDates('Asia/Tokyo', 'wareki');
const iso = makeDates('Asia/Tokyo', 'iso');

describe('dates on screen', () => {
  it('are wall times of the organisation in the chosen notation', () => {
    expect(wareki.at('2026-11-22T01:02:03.5Z')).toBe('令和8年11月22日 10:02');
    expect(iso.at('2026-11-22T01:02:03.5Z', 'second')).toBe('2026-11-22 10:02:03');
  });
  it('end a period at 24:00 of its last day, not at 0:00 of the next', () => {
    expect(iso.until('2026-11-22T15:00:00Z')).toBe('2026-11-22 24:00');
    expect(wareki.until('2026-12-31T15:00:00Z')).toBe('令和8年12月31日 24:00');
    expect(iso.until('2026-11-22T15:00:01Z')).toBe('2026-11-23 00:00');
  });
  it('tell a period of whole days as days', () => {
    expect(wareki.period('2026-11-27T15:00:00Z', '2026-12-04T15:00:00Z')).toBe('令和8年11月28日 – 12月4日');
    expect(iso.period('2026-11-21T15:00:00Z', '2026-11-22T15:00:00Z')).toBe('2026-11-22');
  });
  it('tell the year of the end of a period where it is another one', () => {
    expect(wareki.period('2026-12-25T15:00:00Z', '2027-01-01T15:00:00Z')).toBe('令和8年12月26日 – 令和9年1月1日');
    expect(wareki.period('2019-04-27T15:00:00Z', '2019-05-04T15:00:00Z')).toBe('平成31年4月28日 – 令和元年5月4日');
  });
  it('tell the hours of a period that begins or ends within a day', () => {
    expect(iso.period('2026-11-22T09:43:20Z', '2026-11-27T15:00:00Z')).toBe('2026-11-22 18:43 – 11-27 24:00');
    expect(iso.period('2026-11-22T09:43:20Z', '2026-11-22T10:00:00Z')).toBe('2026-11-22 18:43 – 19:00');
    expect(iso.period('2026-11-21T15:00:00Z', '2026-11-22T10:00:00Z')).toBe('2026-11-22 00:00 – 19:00');
  });
});
