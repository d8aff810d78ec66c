/**
 * What a control request changed, by key, merged field by field. A later change of a field replaces the earlier
 * one. `clear` goes back to the facts.
 */
export class OverrideStore<T extends object> {
  readonly #entries = new Map<string, T>();
  readonly #keyOf: (entry: T) => string;
  #version = 0;

  constructor(keyOf: (entry: T) => string) {
    this.#keyOf = keyOf;
  }

  /** Grows with each change, so that derived views know when they are stale. */
  get version(): number {
    return this.#version;
  }

  apply(changes: readonly T[]): void {
    for (const change of changes) {
      const key = this.#keyOf(change);
      this.#entries.set(key, { ...this.#entries.get(key), ...change });
    }
    this.#version += 1;
  }

  /** Takes the change of one key back. */
  remove(key: string): void {
    if (this.#entries.delete(key)) this.#version += 1;
  }

  clear(): void {
    this.#entries.clear();
    this.#version += 1;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  /** All of them, in the order in which their keys first came. */
  list(): readonly T[] {
    return [...this.#entries.values()];
  }
}
