/** Answers that a gateway needs not send again while nothing in them moved. */

interface KeptAnswer {
  readonly etag: string;
  readonly answer: unknown;
}

/** Of the pages that were looked at last. */
const KEPT_MAX = 4;

export class KeptAnswers {
  readonly #kept = new Map<string, KeptAnswer>();

  /** What to send along, so that the gateway may say that nothing moved. */
  headersFor(path: string): Readonly<Record<string, string>> {
    const kept = this.#kept.get(path);
    return kept === undefined ? {} : { 'if-none-match': kept.etag };
  }

  keep(path: string, { headers }: Response, answer: unknown): void {
    const etag = headers.get('etag');
    if (etag === null) return;
    this.#kept.delete(path);
    this.#kept.set(path, { etag, answer });
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > KEPT_MAX) this.#kept.delete(oldest);
  }

  /** The kept answer, as of the time that a 304 says; all in it is the same object as before. */
  again(path: string, { headers }: Response): unknown {
    const answer = this.#kept.get(path)?.answer;
    const asOf = headers.get('x-spillway-as-of');
    const dated = typeof answer === 'object' && answer !== null && asOf !== null;
    return dated ? { ...answer, asOf } : answer;
  }
}
