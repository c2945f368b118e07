import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Icon } from '../../parts/Icon';
import { useText } from '../../text/TextProvider';
import { EventDetail } from './EventDetail';

interface Props {
  readonly seq: string;
  readonly onClose: () => void;
}

/** One event beside the list, or over it on a narrow screen. Escape goes back to the list. */
export function EventPanel({ seq, onClose }: Props) {
  const { t, number } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    heading.current?.focus();
  }, []);
  const close = () => {
    onClose();
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  return (
    <aside className="d-side" aria-labelledby="d-event-title" onKeyDown={(event) => { if (event.key === 'Escape') close(); }}>
      <header className="d-panel-head">
        <h2 id="d-event-title" ref={heading} tabIndex={-1}>{t('event.title', { seq: number(seq) })}</h2>
        <div className="d-actions">
          <Link to={`/logs/events/${seq}`}>{t('event.alone')}</Link>
          <button type="button" className="d-tool" onClick={close}><Icon name="close" />{t('dialog.close')}</button>
        </div>
      </header>
      <EventDetail seq={seq} />
    </aside>
  );
}
