import { useSearchParams } from 'react-router';
import { parseDay } from '../../time/wareki';

/** The day the status is computed for; null is now. It stands in the address so that a view can be passed on. */
export function useAsOf(): readonly [string | null, (day: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const given = params.get('as_of');
  const day = given === null ? null : parseDay(given);
  const change = (next: string | null) => {
    setParams((before) => {
      before.delete('as_of');
      if (next !== null) before.set('as_of', next);
      return before;
    });
  };
  return [day, change];
}

export function withAsOf(path: string, asOf: string | null): string {
  return asOf === null ? path : `${path}?as_of=${asOf}`;
}
