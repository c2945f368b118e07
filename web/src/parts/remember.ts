// Small preferences of this browser. Storage may be absent, full or refused; then nothing is remembered.
const prefix = 'daicho.';

export function remembered<T>(key: string): T | null {
  try {
    const text = window.localStorage.getItem(prefix + key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Not remembering a preference is harmless.
  }
}
