import type { Schemas } from '../../api/problem';
import { useText } from '../../text/TextProvider';

/** Exactly which entries: "seq 40,000–48,213 (8,214 entries)". */
export function RangeText({ range }: { readonly range: Schemas['LogRange'] }) {
  const { t, number } = useText();
  if (range.first_seq === null || range.last_seq === null) return <>{t('review.rangeEmpty')}</>;
  return <>{t('review.rangeText', { first: number(range.first_seq), last: number(range.last_seq), count: number(range.count) })}</>;
}
