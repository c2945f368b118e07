import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

interface Props {
  readonly label: string;
  readonly icon: IconName;
  readonly children: ReactNode;
}

/** A button that discloses a small panel. Escape, a click elsewhere or leaving by Tab closes it. */
export function Popover({ label, icon, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  return (
    <div
      className="d-popover" ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button" className="d-tool" ref={button} aria-expanded={open} aria-controls={id}
        onClick={() => { setOpen(!open); }}
      >
        <Icon name={icon} />{label}
      </button>
      <div id={id} className="d-popover-panel" hidden={!open}>{children}</div>
    </div>
  );
}
