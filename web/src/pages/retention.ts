import type { UiKey } from '../text/catalogues';
import type { Text } from '../text/TextProvider';

const classes: Readonly<Record<string, UiKey>> = { log: 'retention.log', evidence: 'retention.evidence' };

/** Retention classes are content; what daicho brings along has words, anything else is shown by its name. */
export function retentionClass(name: string, t: Text['t']): string {
  const key = classes[name];
  return key === undefined ? name : t(key);
}
