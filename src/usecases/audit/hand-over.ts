/**
 * The audit trail, from the process that decides to the segments that keep it:
 *
 *     decision ─▶ hand over ─▶ queue of the region ─▶ seal ─▶ segments, head ─▶ verify
 *
 * Invariant: a record that was handed over is sealed at least once, and one that cannot be handed over stands in the
 * log. Each hand-over may be done twice; the sealer drops what it knows. The queue owns what is on its way, the
 * segments what is sealed.
 */

import type { AuditRecord } from '#core/audit/handed-record.ts';
import { utf8Length } from '#core/units/utf8-length.ts';
import { bounded } from '../gateway/bounded.ts';
import type { AuditMetrics } from '../ports/audit-metrics.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { WorkQueue } from '../ports/work-queue.ts';

export interface QueuedTrailOptions {
  /** Opens the queue when the first record goes out. One that rejects is tried again. */
  readonly open: () => Promise<Pick<WorkQueue, 'send'>>;
  readonly queue: string;
  /** Of this process alone: no other one ever had it. */
  readonly writer: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: AuditMetrics;
}

/** Records that share a call wait so long for each other, unless somebody waits for them. */
export const GATHER_MS = 200;
/** What one call of the queue takes. */
const SEND_RECORDS_MAX = 10;
/** SQS takes 262,144 bytes in one call, with what it says of each message itself. */
const SEND_BYTES_MAX = 240_000;
/** Beyond it the queue has been away for long: what more comes goes to the log. */
const PENDING_MAX = 1_000;
const CALLS_MAX = 4;
const TRY_AFTER_MS = [0, 100, 400];
/** A queue that failed three times is left alone for so long: each call would hold up a process that wants to end. */
const AWAY_MS = 10_000;

interface Pending {
  readonly number: number;
  readonly record: AuditRecord;
}

interface Message extends Pending {
  readonly body: string;
}

export function createQueuedTrail(options: QueuedTrailOptions): AuditTrail {
  return new QueuedTrail(options);
}

class QueuedTrail implements AuditTrail {
  readonly #options: QueuedTrailOptions;
  readonly #pending: Pending[] = [];
  readonly #calls = new Set<Promise<void>>();
  /** Messages of calls that nobody gave up. */
  readonly #underWay = new Set<readonly Message[]>();
  #number = 0;
  #awayUntilMs = Number.NEGATIVE_INFINITY;
  #cancelGather: (() => void) | undefined;

  constructor(options: QueuedTrailOptions) {
    this.#options = options;
  }

  record(record: AuditRecord): void {
    this.#number += 1;
    const pending = { number: this.#number, record };
    if (this.#pending.length >= PENDING_MAX) {
      this.#tellUnsent([pending], 'the queue takes records more slowly than they come');
      return;
    }
    this.#pending.push(pending);
    if (this.#pending.length >= SEND_RECORDS_MAX) this.#flush();
    else this.#cancelGather ??= this.#options.clock.after(GATHER_MS, () => this.#flush());
  }

  async settled(msMax?: number): Promise<void> {
    this.#flush();
    if (msMax === undefined) return this.#allCallsOver();
    if (this.#calls.size === 0) return;
    await bounded(this.#options.clock, msMax, this.#allCallsOver()).catch(() => this.#giveUp());
  }

  async #allCallsOver(): Promise<void> {
    while (this.#calls.size > 0) await Promise.all(this.#calls);
  }

  /** A call that is under way may still arrive: a record that is then sent again from the log is sealed once. */
  #giveUp(): void {
    this.#awayUntilMs = this.#options.clock.monotonicMs() + AWAY_MS;
    const left = [...this.#underWay].flat();
    this.#underWay.clear();
    this.#calls.clear();
    this.#tellUnsent([...left, ...this.#pending.splice(0)], 'the queue did not answer in time');
  }

  #flush(): void {
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    while (this.#pending.length > 0 && this.#calls.size < CALLS_MAX) {
      const call = this.#send(this.#takeMessages()).finally(() => {
        this.#calls.delete(call);
        // Those that came meanwhile: they wait for each other, or for a call to end.
        if (this.#cancelGather === undefined) this.#flush();
      });
      this.#calls.add(call);
    }
  }

  /** As many as fit one call; what fits none is told as unsent. */
  #takeMessages(): readonly Message[] {
    const messages: Message[] = [];
    let bytes = 0;
    while (messages.length < SEND_RECORDS_MAX) {
      const [next] = this.#pending;
      if (next === undefined) break;
      const body = this.#bodyOf(next);
      const length = utf8Length(body ?? '');
      if (body === undefined) {
        this.#tellUnsent([next], 'it is no JSON');
      } else if (length > SEND_BYTES_MAX) {
        this.#tellUnsent([next], `it has ${length} bytes, and the queue takes ${SEND_BYTES_MAX}`);
      } else if (bytes + length > SEND_BYTES_MAX) break;
      else {
        messages.push({ ...next, body });
        bytes += length;
      }
      this.#pending.shift();
    }
    return messages;
  }

  /** Never rejects. */
  async #send(messages: readonly Message[]): Promise<void> {
    const { clock } = this.#options;
    if (messages.length === 0) return;
    if (clock.monotonicMs() < this.#awayUntilMs) {
      this.#tellUnsent(messages, 'the queue did not answer shortly before');
      return;
    }
    this.#underWay.add(messages);
    const reason = await this.#tries(messages);
    if (!this.#underWay.delete(messages) || reason === undefined) return;
    this.#awayUntilMs = clock.monotonicMs() + AWAY_MS;
    this.#tellUnsent(messages, reason);
  }

  /** Why the last try failed. Undefined where one did not, or nobody waits any longer. */
  async #tries(messages: readonly Message[]): Promise<string | undefined> {
    const { clock, open, queue } = this.#options;
    let reason: string | undefined;
    for (const waitMs of TRY_AFTER_MS) {
      try {
        if (waitMs > 0) await clock.sleep(waitMs);
        if (!this.#underWay.has(messages)) return undefined;
        const opened = await open();
        await opened.send(
          queue,
          messages.map(({ body }) => body),
        );
        return undefined;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
    return reason;
  }

  /** Undefined for what JSON cannot hold. In no canonical order: only what is sealed is hashed. */
  #bodyOf({ number, record }: Pending): string | undefined {
    try {
      return JSON.stringify({ writer: this.#options.writer, number, record });
    } catch {
      return undefined;
    }
  }

  /** The line holds the whole message: whoever sends it to the queue later fills the gap. */
  #tellUnsent(records: readonly Pending[], reason: string): void {
    const { log, metrics, writer } = this.#options;
    for (const each of records) {
      const { number, record } = each;
      const facts = { id: record.id, writer, number, reason, message: this.#bodyOf(each) };
      log.write('error', 'audit-record-unsent', facts);
    }
    metrics.unsent(records.length);
  }
}
