// Japanese dates, read strictly and written as the government writes them. A text that is not exactly one real day
// is null: a date that "rolls over" or lies outside its era would put a wrong day into evidence.

interface Era {
  readonly kanji: string;
  readonly letter: string;
  /** First and last day, inclusive, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** Western year of the era's first year. */
  readonly base: number;
}

// Meiji is read only from its sixth year: before 1873-01-01 Japan did not use the Gregorian calendar.
const eras: readonly Era[] = [
  { kanji: '令和', letter: 'R', from: '2019-05-01', to: '9999-12-31', base: 2019 },
  { kanji: '平成', letter: 'H', from: '1989-01-08', to: '2019-04-30', base: 1989 },
  { kanji: '昭和', letter: 'S', from: '1926-12-25', to: '1989-01-07', base: 1926 },
  { kanji: '大正', letter: 'T', from: '1912-07-30', to: '1926-12-24', base: 1912 },
  { kanji: '明治', letter: 'M', from: '1873-01-01', to: '1912-07-29', base: 1868 },
];

const eraPattern = /^(令和|平成|昭和|大正|明治|[RHSTM])\s*(元|\d{1,2})\s*(?:年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|[./-](\d{1,2})[./-](\d{1,2}))$/;
const westernPattern = /^(\d{4})(?:年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日|([./-])(\d{1,2})\4(\d{1,2}))$/;

/** The ISO form of a real day, or null. */
export function isoDay(year: number, month: number, day: number): string | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** Reads a day in ISO, western or Japanese notation (full width allowed). Null unless it is exactly one real day. */
export function parseDay(text: string): string | null {
  const plain = text.normalize('NFKC').trim().toUpperCase();
  const western = westernPattern.exec(plain);
  if (western) {
    const [, year, month, day, , month2, day2] = western;
    return isoDay(Number(year), Number(month ?? month2), Number(day ?? day2));
  }
  const japanese = eraPattern.exec(plain);
  if (!japanese) return null;
  const [, name, yearText, month, day, month2, day2] = japanese;
  const era = eras.find((e) => e.kanji === name || e.letter === name);
  const year = yearText === '元' ? 1 : Number(yearText);
  if (!era || year === 0) return null;
  const iso = isoDay(era.base + year - 1, Number(month ?? month2), Number(day ?? day2));
  return iso !== null && iso >= era.from && iso <= era.to ? iso : null;
}

/** `2026-11-22` → `令和8年11月22日`; the first year is 元年. Days before 1873 stay in ISO. */
export function formatWareki(iso: string, withDay = true): string {
  const era = eras.find((e) => iso >= e.from && iso <= e.to);
  if (!era) return iso;
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  const count = year - era.base + 1;
  const head = `${era.kanji}${count === 1 ? '元' : String(count)}年${String(month)}月`;
  return withDay ? `${head}${String(day)}日` : head;
}

export interface WallTime {
  /** ISO day. */
  readonly day: string;
  /** `HH:MM:SS`, or null when only a day was given. */
  readonly time: string | null;
}

const timePattern = /^(\d{1,2})(?::(\d{2})(?::(\d{2}))?|時(?:\s*(\d{1,2})分(?:\s*(\d{1,2})秒)?)?)$/;

/** Reads a day, optionally followed by a time of day (`13:05`, `13時5分`). 24:00 is not a time here. */
export function parseWallTime(text: string): WallTime | null {
  const plain = text.normalize('NFKC').trim().replace(/([0-9])T(?=[0-9])/i, '$1 ');
  const whole = parseDay(plain);
  if (whole !== null) return { day: whole, time: null };
  // The time never contains a blank before its first digit group ends, so the last blank that leaves a day splits them.
  for (let cut = plain.length - 1; cut > 0; cut--) {
    if (!/[\s日]/.test(plain[cut] ?? '')) continue;
    const day = parseDay(plain.slice(0, cut + 1));
    const time = parseTime(plain.slice(cut + 1).trim());
    if (day !== null && time !== null) return { day, time };
  }
  return null;
}

function parseTime(text: string): string | null {
  const match = timePattern.exec(text);
  if (!match) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? match[4] ?? 0);
  const second = Number(match[3] ?? match[5] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return null;
  return [hour, minute, second].map((n) => String(n).padStart(2, '0')).join(':');
}
