import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

export interface ReaderLimits {
  /** A caller that takes no byte for so long is cut off. */
  readonly stallMsMax: number;
  /** Whoever reads slower over a whole answer is cut off too, once it has been waited for that long in all. */
  readonly readBytesPerSecondMin: number;
}

/**
 * How long one answer waits for its reader: never longer than the stall, and over all of it no longer than the slowest
 * reader takes that is served. A byte a minute would else hold a call to a target for days.
 */
export class ReaderPace {
  readonly #limits: ReaderLimits;
  #waitedMs = 0;
  #writtenBytes = 0;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  wrote(bytes: number): void {
    this.#writtenBytes += bytes;
  }

  /**
   * Resolves when the caller has taken what was written, or has gone. Rejects when it takes nothing for too long.
   *
   * @param full what was written to
   */
  async untilWritable(outgoing: ServerResponse, full: Writable = outgoing): Promise<void> {
    // What was written before the first turn of a request may have left already, and says so once.
    if (full.writableNeedDrain === false) return;
    const { stallMsMax, readBytesPerSecondMin } = this.#limits;
    const allowedMs = stallMsMax + (this.#writtenBytes * 1000) / readBytesPerSecondMin;
    const startedMs = performance.now();
    await untilDrained(outgoing, full, Math.max(0, Math.min(stallMsMax, allowedMs - this.#waitedMs)));
    this.#waitedMs += performance.now() - startedMs;
  }
}

function untilDrained(outgoing: ServerResponse, full: Writable, msMax: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('the caller reads too slowly, or nothing')), msMax);
  full.once('drain', resolve);
  outgoing.once('close', resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    full.off('drain', resolve);
    outgoing.off('close', resolve);
  });
}
