import { createContext, useContext } from 'react';
import { formatWareki } from './wareki';
import { addDays, wallParts } from './zone';

export type DateStyle = 'wareki' | 'iso';

export interface Dates {
  readonly zone: string;
  readonly style: DateStyle;
  /** An RFC 3339 instant as wall time of the organisation, to the minute or the second. */
  readonly at: (instant: string, precision?: 'minute' | 'second') => string;
  /** The moment up to which something runs: midnight is written as 24:00 of the day that ends with it. */
  readonly until: (instant: string) => string;
  /** From a moment up to another; whole days are told as days, and what both ends share is told once. */
  readonly period: (from: string, to: string) => string;
  /** An ISO day. */
  readonly day: (iso: string) => string;
  /** The organisation's day on which an instant lies. */
  readonly dayOf: (instant: string) => string;
}

/** The year of a day as written, with what separates it from the month: "令和8年" or "2026-". */
const yearPattern = /^(.+年|\d+-)/;

/** A day that follows one of the same year needs no year of its own. */
function after(earlier: string, later: string): string {
  const year = yearPattern.exec(earlier)?.[0] ?? '';
  return year !== '' && later.startsWith(year) ? later.slice(year.length) : later;
}

export function makeDates(zone: string, style: DateStyle): Dates {
  const day = (iso: string) => (style === 'wareki' ? formatWareki(iso) : iso);
  return {
    zone,
    style,
    day,
    at: (instant, precision = 'minute') => {
      const wall = wallParts(Date.parse(instant), zone);
      return `${day(wall.day)} ${precision === 'second' ? wall.time : wall.time.slice(0, 5)}`;
    },
    until: (instant) => {
      const wall = wallParts(Date.parse(instant), zone);
      return wall.time === '00:00:00' ? `${day(addDays(wall.day, -1))} 24:00` : `${day(wall.day)} ${wall.time.slice(0, 5)}`;
    },
    period: (from, to) => {
      const first = wallParts(Date.parse(from), zone);
      const end = wallParts(Date.parse(to), zone);
      const midnight = end.time === '00:00:00';
      const last = midnight ? addDays(end.day, -1) : end.day;
      const begin = first.time === '00:00:00' && midnight ? day(first.day) : `${day(first.day)} ${first.time.slice(0, 5)}`;
      const endTime = midnight ? '24:00' : end.time.slice(0, 5);
      if (first.day === last) return begin === day(first.day) ? begin : `${begin} – ${endTime}`;
      return `${begin} – ${after(begin, day(last))}${begin === day(first.day) ? '' : ` ${endTime}`}`;
    },
    dayOf: (instant) => day(wallParts(Date.parse(instant), zone).day),
  };
}

/** Before anybody has signed in neither organisation nor preference is known: plain ISO in UTC. */
export const DatesContext = createContext<Dates>(makeDates('UTC', 'iso'));

export function useDates(): Dates {
  return useContext(DatesContext);
}
