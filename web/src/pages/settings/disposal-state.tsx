import type { Schemas } from '../../api/problem';
import type { IconName } from '../../parts/Icon';
import { Mark, type Tone } from '../../parts/Mark';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';

type Disposal = Schemas['Disposal'];

const states: Record<Disposal['state'], { readonly text: UiKey; readonly tone: Tone; readonly icon: IconName }> = {
  requested: { text: 'disposal.requested', tone: 'soon', icon: 'clock' },
  approved: { text: 'disposal.approved', tone: 'unknown', icon: 'clock' },
  done: { text: 'disposal.done', tone: 'good', icon: 'check' },
  failed: { text: 'disposal.failed', tone: 'bad', icon: 'cross' },
  rejected: { text: 'disposal.rejected', tone: 'none', icon: 'minus' },
  withdrawn: { text: 'disposal.withdrawn', tone: 'none', icon: 'minus' },
};

export function DisposalMark({ state }: { readonly state: Disposal['state'] }) {
  const { t } = useText();
  return <Mark tone={states[state].tone} icon={states[state].icon}>{t(states[state].text)}</Mark>;
}

/** From the first to the last of its days, and how many there are. */
export function DisposalDays({ disposal }: { readonly disposal: Disposal }) {
  const { t } = useText();
  const dates = useDates();
  const [first] = disposal.days;
  const last = disposal.days.at(-1);
  if (first === undefined || last === undefined) return <>{t('none')}</>;
  if (first === last) return <>{t('disposal.dayValue', { first: dates.day(first.day) })}</>;
  return <>{t('disposal.daysValue', { first: dates.day(first.day), last: dates.day(last.day), count: disposal.days.length })}</>;
}
