import { describe, expect, it } from 'vitest';
import { formatDuration, formatSpan, formatTenths } from './duration';

describe('durations', () => {
  it.each([
    ['P7D', '7日', '7 days'],
    ['PT24H', '24時間', '24 hours'],
    ['P1M', '1か月', '1 month'],
    ['PT1H30M', '1時間30分', '1 hour 30 minutes'],
    ['P3Y', '3年', '3 years'],
  ])('writes %s', (text, ja, en) => {
    expect(formatDuration(text, 'ja')).toBe(ja);
    expect(formatDuration(text, 'en')).toBe(en);
  });
  it.each(['P', 'PT', '7D', 'Pump', 'PD', ''])('leaves %j alone', (text) => expect(formatDuration(text, 'ja')).toBeNull());
  it('rounds a span down to what matters', () => {
    expect(formatSpan(26 * 3_600_000, 'ja')).toBe('1日2時間');
    expect(formatSpan(-90 * 60_000, 'en')).toBe('1 hour 30 minutes');
    expect(formatSpan(30_000, 'ja')).toBe('0分');
  });
  it.each([[-49, '0.0'], [0, '0.0'], [-60, '-0.1'], [1_250, '1.3']])('gives %i ms in seconds, and nothing without a sign', (ms, text) => {
    expect(formatTenths(ms)).toBe(text);
  });
});
