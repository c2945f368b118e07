import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

/**
 * Text that somebody is writing and has not sent. It lives in memory only: findings about people do not belong into
 * the browser's storage. It outlives changes of page, and the browser asks before the tab is closed over it.
 */
export class Drafts {
  readonly #values = new Map<string, unknown>();

  get<Value>(key: string): Value | undefined {
    return this.#values.get(key) as Value | undefined;
  }

  set(key: string, value: unknown): void {
    this.#values.set(key, value);
  }

  discard(key: string): void {
    this.#values.delete(key);
  }

  isEmpty(): boolean {
    return this.#values.size === 0;
  }
}

const DraftsContext = createContext<Drafts>(new Drafts());

export function DraftsProvider({ children }: { readonly children: ReactNode }) {
  const drafts = useMemo(() => new Drafts(), []);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (!drafts.isEmpty()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => { window.removeEventListener('beforeunload', ask); };
  }, [drafts]);
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

interface Draft<Value> {
  readonly value: Value;
  readonly set: (value: Value) => void;
  readonly discard: () => void;
}

/** State that is still there when the person comes back to the page. */
export function useDraft<Value>(key: string, initial: Value): Draft<Value> {
  const drafts = useContext(DraftsContext);
  const [value, setValue] = useState<Value>(() => drafts.get<Value>(key) ?? initial);
  return {
    value,
    set: (next) => {
      drafts.set(key, next);
      setValue(next);
    },
    discard: () => { drafts.discard(key); },
  };
}
