import { describe, expect, it } from 'vitest';
import { formatWareki, parseDay, parseWallTime } from './wareki';

describe('parseDay', () => {
  it.each([
    ['2026-11-22', '2026-11-22'],
    ['2026/4/1', '2026-04-01'],
    ['2026年4月1日', '2026-04-01'],
    ['令和8年4月1日', '2026-04-01'],
    ['令和元年5月1日', '2019-05-01'],
    ['R元.5.1', '2019-05-01'],
    ['r8.4.1', '2026-04-01'],
    ['Ｒ８．４．１', '2026-04-01'],
    ['㋿8年4月1日', '2026-04-01'],
    ['平成元年1月8日', '1989-01-08'],
    ['平成31年4月30日', '2019-04-30'],
    ['昭和64年1月7日', '1989-01-07'],
    ['昭和元年12月25日', '1926-12-25'],
    ['大正15年12月24日', '1926-12-24'],
    ['明治45年7月29日', '1912-07-29'],
    ['H28-02-29', '2016-02-29'],
    ['2024-02-29', '2024-02-29'],
  ])('reads %s', (text, iso) => expect(parseDay(text)).toBe(iso));

  it.each([
    '', '令和8年2月30日', '平成31年5月1日', '令和元年4月30日', '昭和64年1月8日', '平成元年1月7日', '昭和元年12月24日',
    '大正15年12月25日', '明治5年12月2日', '令和0年1月1日', '令和8年13月1日', '2026-02-29', '2026-1', '2026-04/01', '26-04-01',
    'X8.4.1', '令和8年4月', '2026-04-01 extra', '0000-01-01', '令和８年４月３１日',
  ])('refuses %s', (text) => expect(parseDay(text)).toBeNull());

  it('agrees with the platform calendar on every day since 1873 that it reads', () => {
    const intl = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { dateStyle: 'long', timeZone: 'UTC' });
    for (let ms = Date.UTC(1873, 0, 1); ms < Date.UTC(2031, 0, 1); ms += 86_400_000) {
      const iso = new Date(ms).toISOString().slice(0, 10);
      const written = formatWareki(iso);
      if (parseDay(written) !== iso || intl.format(ms).normalize('NFKC') !== written) {
        expect([iso, written, intl.format(ms)]).toEqual([iso, intl.format(ms), written]);
      }
    }
  });
});

describe('parseWallTime', () => {
  it.each([
    ['2026-11-22 13:05', '2026-11-22', '13:05:00'],
    ['2026-11-22T13:05:09', '2026-11-22', '13:05:09'],
    ['令和8年11月22日 13時5分', '2026-11-22', '13:05:00'],
    ['令和8年11月22日13時', '2026-11-22', '13:00:00'],
    ['R8.11.22 9:00', '2026-11-22', '09:00:00'],
    ['2026-11-22', '2026-11-22', null],
  ])('reads %s', (text, day, time) => expect(parseWallTime(text)).toEqual({ day, time }));

  it.each(['2026-11-22 24:00', '2026-11-22 13:60', '13:05', '2026-11-22 1305', '2026-02-30 10:00'])(
    'refuses %s', (text) => expect(parseWallTime(text)).toBeNull(),
  );
});
