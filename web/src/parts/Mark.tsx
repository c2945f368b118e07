import { Icon, type IconName } from './Icon';

export type Tone = 'good' | 'soon' | 'bad' | 'unknown' | 'exempt' | 'none';

/** A state: shape and words carry it, colour only repeats it. */
export function Mark({ tone, icon, children }: { readonly tone: Tone; readonly icon: IconName; readonly children: string }) {
  return (
    <span className="d-mark" data-tone={tone}>
      <Icon name={icon} />
      {children}
    </span>
  );
}
