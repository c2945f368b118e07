import { describe, expect, it } from 'vitest';
import { addDays, instantOf, today, wallParts } from './zone';

const iso = (ms: number) => new Date(ms).toISOString();

describe('zone', () => {
  it('shows the wall time of the organisation, not of the browser', () => {
    expect(wallParts(Date.parse('2026-11-21T15:00:00Z'), 'Asia/Tokyo')).toEqual({ day: '2026-11-22', time: '00:00:00' });
  });
  it('turns a wall time into the instant it means', () => {
    expect(iso(instantOf('2026-11-22', '09:00:00', 'Asia/Tokyo'))).toBe('2026-11-22T00:00:00.000Z');
    expect(iso(instantOf('2026-07-01', '12:00:00', 'Europe/Berlin'))).toBe('2026-07-01T10:00:00.000Z');
  });
  it('takes the earlier instant in a repeated hour and moves out of a skipped one', () => {
    expect(iso(instantOf('2026-10-25', '02:30:00', 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
    expect(iso(instantOf('2026-03-29', '02:30:00', 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
  });
  it('adds days over month, year and leap day', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
  it('knows today in the zone', () => {
    expect(today('Asia/Tokyo', Date.parse('2026-11-21T23:00:00Z'))).toBe('2026-11-22');
  });
});
