import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

export type NoticeLevel = 'info' | 'success' | 'warning' | 'error';

const icons: Record<NoticeLevel, IconName> = { info: 'info', success: 'check', warning: 'warning', error: 'cross' };

interface Props {
  readonly level: NoticeLevel;
  readonly children: ReactNode;
  /** Announced at once when it appears; leave out for what is there from the start. */
  readonly live?: boolean;
  readonly action?: ReactNode;
}

export function Notice({ level, children, live, action }: Props) {
  const role = live ? (level === 'error' ? 'alert' : 'status') : undefined;
  return (
    <div className="d-notice" data-level={level} role={role}>
      <Icon name={icons[level]} />
      <div className="d-notice-text">{children}</div>
      {action && <div className="d-notice-action">{action}</div>}
    </div>
  );
}
