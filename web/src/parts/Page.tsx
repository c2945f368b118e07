import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/**
 * One page of the shell. Its heading takes the focus when somebody came here from another page, so that a reader
 * starts there; on the first page after loading the browser's own start (and with it the skip link) stays.
 */
export function Page({ title, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const arrived = useRef(key);
  useEffect(() => {
    document.title = `${title} - daicho 台帳`;
  }, [title]);
  useEffect(() => {
    if (arrived.current !== 'default') heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <div className="d-page">
      <header className="d-page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {lead && <p className="d-lead">{lead}</p>}
        </div>
        {actions && <div className="d-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, lead, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section className="d-panel" aria-labelledby={id}>
      <header className="d-panel-head">
        <h2 id={id}>{title}</h2>
        {actions && <div className="d-actions">{actions}</div>}
      </header>
      {lead && <p className="d-lead">{lead}</p>}
      {children}
    </section>
  );
}

/** Nothing is here, and what to do about it. */
export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="d-empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

export interface Pair {
  readonly term: string;
  readonly value: ReactNode;
  readonly wide?: boolean;
}

/** Names and values side by side. */
export function Pairs({ pairs }: { readonly pairs: readonly Pair[] }) {
  return (
    <dl className="d-pairs">
      {pairs.map((pair) => (
        <div key={pair.term} data-wide={pair.wide}>
          <dt>{pair.term}</dt>
          <dd>{pair.value}</dd>
        </div>
      ))}
    </dl>
  );
}
