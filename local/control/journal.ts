/** What the journal keeps of one AWS call. Times in milliseconds; `status` 0: no answer was sent. */
export interface JournalEntry {
  readonly seq: number;
  /** ISO 8601 UTC, when the call's head arrived. */
  readonly at: string;
  service: string;
  operation: string;
  account: string | null;
  region: string | null;
  target: string | null;
  status: number;
  error?: string;
  readonly requestId: string;
  readonly traceparent?: string;
  reach: readonly string[];
  servedRegion: string | null;
  durationMs: number;
  /** Content frames of a stream that were sent. */
  chunks: number;
  /** The caller left before the answer was complete. */
  aborted: boolean;
  /** Index of the fault rule that struck. */
  rule?: number;
}

interface Kept {
  readonly entry: JournalEntry;
  readonly startedAt: number;
  ended: boolean;
}

/** Which entries a reader wants. */
export interface JournalQuery {
  /** Only entries with a higher `seq`. */
  readonly since?: number | undefined;
  readonly service?: string | undefined;
  readonly limit?: number | undefined;
}

const entriesMax = 200_000;

/** Every AWS call received, oldest first, in a ring. An entry appears when its call arrives and fills as it goes on. */
export class Journal {
  #kept: Kept[] = [];
  #seq = 0;

  /** Starts an entry; `end` fixes its duration. */
  open(requestId: string, traceparent: string | undefined): { readonly entry: JournalEntry; end(): void } {
    this.#seq += 1;
    const entry: JournalEntry = {
      seq: this.#seq,
      at: new Date().toISOString(),
      service: 'unknown',
      operation: 'unknown',
      account: null,
      region: null,
      target: null,
      status: 0,
      requestId,
      ...(traceparent === undefined ? {} : { traceparent }),
      reach: [],
      servedRegion: null,
      durationMs: 0,
      chunks: 0,
      aborted: false,
    };
    const kept: Kept = { entry, startedAt: performance.now(), ended: false };
    this.#kept.push(kept);
    if (this.#kept.length > entriesMax * 2) this.#kept = this.#kept.slice(-entriesMax);
    return { entry, end: () => endEntry(kept) };
  }

  read({ since = 0, service, limit = entriesMax }: JournalQuery): JournalEntry[] {
    const found: JournalEntry[] = [];
    for (const kept of this.#kept.slice(-entriesMax)) {
      if (found.length >= limit) break;
      if (kept.entry.seq <= since || (service !== undefined && kept.entry.service !== service)) continue;
      if (!kept.ended) kept.entry.durationMs = elapsed(kept);
      found.push(kept.entry);
    }
    return found;
  }

  /** Forgets all entries; `seq` goes on. */
  clear(): void {
    this.#kept = [];
  }
}

function endEntry(kept: Kept): void {
  if (kept.ended) return;
  kept.ended = true;
  kept.entry.durationMs = elapsed(kept);
}

const elapsed = ({ startedAt }: Kept): number => Math.round((performance.now() - startedAt) * 1000) / 1000;
