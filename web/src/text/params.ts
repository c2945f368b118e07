import type { Dates } from '../time/useDates';
import { formatDuration } from '../time/duration';
import type { Language } from './catalogues';

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Times, days and durations come from the server in their exchange form; people read them in the form they chose. */
export function presentable(params: Readonly<Record<string, string>>, dates: Dates, language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, presentableValue(value, dates, language)]));
}

export function presentableValue(value: string, dates: Dates, language: Language): string {
  if (timePattern.test(value)) return dates.at(value);
  if (dayPattern.test(value)) return dates.day(value);
  return formatDuration(value, language) ?? value;
}
