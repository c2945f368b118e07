import type { Schemas } from './problem';

export type Session = Schemas['Session'];

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  /** `expired`: the server has cut the session, but the page is kept so that nothing typed is lost. */
  | { readonly kind: 'signed-in'; readonly session: Session; readonly expired: boolean };

/** Who is signed in, and until when without another action. The server's clock decides; this is its shadow. */
export class SessionStore {
  #state: SessionState = { kind: 'unknown' };
  #cutAtMs = 0;
  readonly #listeners = new Set<() => void>();

  readonly state = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  signedIn(session: Session): void {
    this.#cutAtMs = Date.now() + session.idle_seconds_left * 1000;
    this.#become({ kind: 'signed-in', session, expired: false });
  }

  signedOut(): void {
    this.#become({ kind: 'signed-out' });
  }

  /** The server answered 401. */
  expired(): void {
    if (this.#state.kind === 'signed-in') {
      if (!this.#state.expired) this.#become({ ...this.#state, expired: true });
    } else {
      this.signedOut();
    }
  }

  prefer(preferences: Schemas['Preferences']): void {
    if (this.#state.kind !== 'signed-in') return;
    this.#become({ ...this.#state, session: { ...this.#state.session, preferences } });
  }

  /** A request that counts was answered: the idle time starts anew. */
  counted(idleSecondsMax: number): void {
    this.#cutAtMs = Date.now() + idleSecondsMax * 1000;
  }

  secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#cutAtMs - Date.now()) / 1000));
  }

  csrfToken(): string | null {
    return this.#state.kind === 'signed-in' ? this.#state.session.csrf_token : null;
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
