import type { Schemas } from '../../api/problem';
import type { IconName } from '../../parts/Icon';
import type { Tone } from '../../parts/Mark';
import type { UiKey } from '../../text/catalogues';

export function personState(person: Schemas['Person']): { readonly tone: Tone; readonly icon: IconName; readonly text: UiKey } {
  if (person.state === 'disabled') return { tone: 'none', icon: 'minus', text: 'person.state.inactive' };
  if (person.locked_until !== null) return { tone: 'bad', icon: 'warning', text: 'person.state.locked' };
  if (person.state === 'initial') return { tone: 'soon', icon: 'clock', text: 'person.state.initial' };
  return { tone: 'good', icon: 'check', text: 'person.state.active' };
}
