/** Who stands in line in all, with the one whose turn it is. */
const STANDING_MAX = 32;
/** Of one viewer's name: a tenant that asks without end keeps nobody else out. */
const OWN_STANDING_MAX = 8;

/**
 * What people look at, put together from whole tables: one at a time in a process. Each lets calls of models in between its
 * pieces, yet a hundred at once would let them in a hundred pieces later, and hold a hundred copies of all that is known.
 */
export class BoardLine {
  readonly #standing = new Map<string, number>();
  #all = 0;
  #last: Promise<void> = Promise.resolve();

  /**
   * Undefined where as many stand in line as may, or the caller left while it stood there.
   *
   * @throws what `work` throws
   */
  async take<Value>(
    { who, signal }: { readonly who: string; readonly signal: AbortSignal },
    work: () => Promise<Value>,
  ): Promise<Value | undefined> {
    if (this.#all >= STANDING_MAX || this.#own(who) >= OWN_STANDING_MAX) return undefined;
    const [before, { promise, resolve }] = [this.#last, Promise.withResolvers<void>()];
    this.#last = promise;
    this.#count(who, 1);
    try {
      await before;
      return signal.aborted ? undefined : await work();
    } finally {
      this.#count(who, -1);
      resolve();
    }
  }

  #own(who: string): number {
    return this.#standing.get(who) ?? 0;
  }

  #count(who: string, more: 1 | -1): void {
    this.#all += more;
    const own = this.#own(who) + more;
    if (own === 0) this.#standing.delete(who);
    else this.#standing.set(who, own);
  }
}
