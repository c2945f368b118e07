/** Whether the last request reached the server. */
export class Connection {
  #lost = false;
  readonly #listeners = new Set<() => void>();

  readonly lost = (): boolean => this.#lost;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  report(lost: boolean): void {
    if (this.#lost === lost) return;
    this.#lost = lost;
    for (const listener of this.#listeners) listener();
  }
}
