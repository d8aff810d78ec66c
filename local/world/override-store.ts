/**
 * What a control request changed, by key, merged field by field. A later change of a field replaces the earlier
 * one. `clear` goes back to the facts.
 */
export class OverrideStore<T extends object> {
  readonly #entries = new Map<string, T>();
  readonly #keyOf: (entry: T) => string;

  constructor(keyOf: (entry: T) => string) {
    this.#keyOf = keyOf;
  }

  apply(changes: readonly T[]): void {
    for (const change of changes) {
      const key = this.#keyOf(change);
      this.#entries.set(key, { ...this.#entries.get(key), ...change });
    }
  }

  /** Takes the change of one key back. */
  remove(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  /** All of them, in the order in which their keys first came. */
  list(): readonly T[] {
    return [...this.#entries.values()];
  }
}
