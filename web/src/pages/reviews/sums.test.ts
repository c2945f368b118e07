import { describe, expect, it } from 'vitest';
import { sumBy } from './sums';

const rows = [
  { user: 'root', address: '198.51.100.23', succeeded: 0, failed: 41, first_at: '2026-11-20T22:00:00Z', last_at: '2026-11-20T22:14:15Z' },
  { user: 'root', address: '192.0.2.9', succeeded: 2, failed: 1, first_at: '2026-11-19T01:00:00Z', last_at: '2026-11-21T01:00:00.5Z' },
  { user: 'sato', address: '192.0.2.9', succeeded: 9, failed: 0, first_at: '2026-11-18T00:00:00Z', last_at: '2026-11-21T01:00:00Z' },
];

describe('sumBy', () => {
  it('adds up by person with the widest span', () => {
    expect(sumBy(rows, 'user')[0]).toMatchObject({
      user: 'root', address: null, succeeded: 2, failed: 42, first_at: '2026-11-19T01:00:00Z', last_at: '2026-11-21T01:00:00.5Z',
    });
  });
  it('adds up by address', () => {
    expect(sumBy(rows, 'address').map((s) => [s.address, s.failed, s.succeeded])).toEqual([['198.51.100.23', 41, 0], ['192.0.2.9', 1, 11]]);
  });
  it('keeps pairs apart', () => expect(sumBy(rows, 'pair')).toHaveLength(3));
  it('orders times with fractions as times', () => {
    expect(sumBy(rows, 'address')[1]?.last_at).toBe('2026-11-21T01:00:00.5Z');
  });
});
