import type { Dates } from '../time/useDates';
import { formatDuration } from '../time/duration';
import { addDays } from '../time/zone';
import type { Language } from './catalogues';

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Times, days and durations come from the server in their exchange form; people read them in the form they chose. */
export function presentable(params: Readonly<Record<string, string>>, dates: Dates, language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, presentableValue(value, dates, language)]));
}

/**
 * Sentences of the content come worded, with times of the organisation as "2026-04-01 09:00". The reader gets them as
 * chosen; a deadline at midnight is the end of the day before, as everywhere else.
 */
export function withChosenDates(sentence: string, params: Readonly<Record<string, unknown>>, dates: Dates): string {
  let out = sentence;
  for (const [name, param] of Object.entries(params)) {
    const value = typeof param === 'object' && param !== null && 'value' in param ? param.value : param;
    const wall = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(value) : null;
    const [, day, time] = wall ?? [];
    if (day === undefined || time === undefined) continue;
    const ends = time === '00:00' && (name === 'due' || name === 'until');
    out = out.replaceAll(`${day} ${time}`, ends ? `${dates.day(addDays(day, -1))} 24:00` : `${dates.day(day)} ${time}`);
  }
  return out;
}

export function presentableValue(value: string, dates: Dates, language: Language): string {
  if (timePattern.test(value)) return dates.at(value);
  if (dayPattern.test(value)) return dates.day(value);
  return formatDuration(value, language) ?? value;
}
