import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { AnchorButton as LibraryAnchorButton, Button as LibraryButton } from 'smarthr-ui';
import { Icon, type IconName } from './Icon';

interface Props {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly kind?: 'primary' | 'secondary' | 'danger' | 'text';
  readonly submit?: boolean;
  readonly small?: boolean;
  readonly icon?: IconName;
  /** The action is under way: the button answers to nothing until it ends, so that nothing is sent twice. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
}

export function Button({ children, onClick, kind = 'secondary', submit, small, icon, busy = false, disabled = false }: Props) {
  return (
    <LibraryButton
      type={submit ? 'submit' : 'button'} variant={kind} loading={busy} disabled={disabled || busy}
      {...(small ? { size: 's' as const } : {})}
      {...(icon ? { prefix: <Icon name={icon} /> } : {})}
      {...(onClick ? { onClick } : {})}
    >
      {children}
    </LibraryButton>
  );
}

interface LinkProps {
  readonly to: string;
  readonly state?: unknown;
  readonly children: ReactNode;
  readonly primary?: boolean | undefined;
  readonly small?: boolean;
}

/** A link that looks like a button: it goes somewhere, it changes nothing. */
export function LinkButton({ to, state, children, primary, small }: LinkProps) {
  return (
    <LibraryAnchorButton
      elementAs={Link} to={to} state={state} variant={primary ? 'primary' : 'secondary'} {...(small ? { size: 's' as const } : {})}
    >
      {children}
    </LibraryAnchorButton>
  );
}
