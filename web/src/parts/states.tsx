import type { Schemas } from '../api/problem';
import type { UiKey } from '../text/catalogues';
import { useText } from '../text/TextProvider';
import type { IconName } from './Icon';
import { Mark, type Tone } from './Mark';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: UiKey;
}

export const clauseStates: Record<Schemas['ClauseState'], Look> = {
  conformant: { tone: 'good', icon: 'check', text: 'state.conformant' },
  due_soon: { tone: 'soon', icon: 'clock', text: 'state.due_soon' },
  nonconformant: { tone: 'bad', icon: 'cross', text: 'state.nonconformant' },
  insufficient: { tone: 'unknown', icon: 'question', text: 'state.insufficient' },
  exception: { tone: 'exempt', icon: 'exception', text: 'state.exception' },
  not_applicable: { tone: 'none', icon: 'minus', text: 'state.not_applicable' },
};

/** In the order in which they are shown everywhere. */
export const clauseStateOrder = ['nonconformant', 'insufficient', 'due_soon', 'conformant', 'exception', 'not_applicable'] as const;

const occurrenceStates: Record<Schemas['Occurrence']['state'], Look> = {
  upcoming: { tone: 'none', icon: 'calendar', text: 'occurrence.upcoming' },
  due_soon: { tone: 'soon', icon: 'clock', text: 'occurrence.due_soon' },
  due: { tone: 'soon', icon: 'warning', text: 'occurrence.due' },
  overdue: { tone: 'bad', icon: 'warning', text: 'occurrence.overdue' },
  done: { tone: 'good', icon: 'check', text: 'occurrence.done' },
  done_late: { tone: 'soon', icon: 'check', text: 'occurrence.done_late' },
};

function LookMark({ look }: { readonly look: Look }) {
  const { t } = useText();
  return <Mark tone={look.tone} icon={look.icon}>{t(look.text)}</Mark>;
}

export function ClauseMark({ state }: { readonly state: Schemas['ClauseState'] }) {
  return <LookMark look={clauseStates[state]} />;
}

export function OccurrenceMark({ state }: { readonly state: Schemas['Occurrence']['state'] }) {
  return <LookMark look={occurrenceStates[state]} />;
}

/** Words of an alarm's level; the notice around it carries the icon. */
export const alarmLevels: Record<Schemas['Alarm']['level'], UiKey> = {
  warning: 'alarm.warning', critical: 'alarm.critical', breach: 'alarm.breach',
};
