import type { Batch } from '#core/batch/batch.ts';
import { stopReason } from '#core/batch/batch.ts';
import type { BatchLine } from '#core/batch/batch-line.ts';
import { answeredLine, type LineResult, unansweredLine } from '#core/batch/result-line.ts';
import type { DispatchServices } from './batch-services.ts';
import type { StepConditions } from './batch-step.ts';
import type { ChunkLease } from './chunk-lease.ts';
import { lineAnswerOf, requestOfLine, tenantOf } from './line-request.ts';

export interface LinesToCall {
  readonly batch: Batch;
  readonly lease: ChunkLease;
  readonly lines: readonly (BatchLine | undefined)[];
  /** Number of the first of them in the file. */
  readonly firstLine: number;
  /** Those that have no result yet. */
  readonly open: readonly number[];
  /** Where results go. */
  readonly results: Map<number, LineResult>;
  /** Resolves when a result cannot be lost any more. */
  readonly keep: (result: LineResult) => Promise<void>;
  readonly conditions: StepConditions;
}

export interface LinesEnd {
  /** Why lines that were not begun never will be. */
  readonly reason: 'cancelled' | 'expired' | undefined;
  /** The dispatcher is to stop: nothing else keeps the rest from being called. */
  readonly stopped: boolean;
  /** What the last refusal asked for. */
  readonly retryAfterMs: number;
}

/** A line that nobody answered is called so often in a run. */
const TRIES_MAX = 3;

/**
 * Calls lines, as many at a time as the gateway lets through: each refusal takes one slot away for now, and answers give
 * it back bit by bit. Ends when all have results, when none gets through, or when it must.
 *
 * A group of lines is written down before it is called, so that whoever comes after a crash knows which may have been.
 */
export async function callLines(services: DispatchServices, work: LinesToCall): Promise<LinesEnd> {
  const calls = new LineCalls(services, work);
  try {
    while (await calls.step());
  } finally {
    await calls.settled();
  }
  return calls.end();
}

class LineCalls {
  readonly #services: DispatchServices;
  readonly #work: LinesToCall;
  readonly #open: number[];
  readonly #inFlight = new Map<number, Promise<void>>();
  readonly #tries = new Map<number, number>();
  #width: number;
  #batch: Batch;
  #lookedAt: number;
  #reason: LinesEnd['reason'];
  #stopped = false;
  #retryAfterMs = 0;
  #failure: { readonly error: unknown } | undefined;
  /** Told when a call has ended. */
  #wake: () => void = () => undefined;

  constructor(services: DispatchServices, work: LinesToCall) {
    this.#services = services;
    this.#work = work;
    this.#open = [...work.open];
    this.#width = services.pace.linesInFlight;
    this.#batch = work.batch;
    this.#lookedAt = services.clock.now();
  }

  /** @returns whether there is more to do @throws LeaseLost, or HouseError */
  async step(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#look();
    if (this.#mayBegin()) {
      await this.#begin();
      return true;
    }
    if (this.#inFlight.size === 0) return false;
    await this.#untilSomething();
    return true;
  }

  /** Resolves when no call is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight.values());
  }

  end(): LinesEnd {
    if (this.#failure !== undefined) throw this.#failure.error;
    return { reason: this.#reason, stopped: this.#stopped, retryAfterMs: this.#retryAfterMs };
  }

  /** Few writes for many lines: a group begins when a quarter of the slots is free. */
  #mayBegin(): boolean {
    if (this.#open.length === 0 || this.#stopped || this.#reason !== undefined) return false;
    const free = Math.floor(this.#width) - this.#inFlight.size;
    const group = Math.min(this.#open.length, Math.ceil(this.#services.pace.linesInFlight / 4));
    return free >= group || (free > 0 && this.#inFlight.size === 0);
  }

  async #begin(): Promise<void> {
    const free = Math.floor(this.#width) - this.#inFlight.size;
    const group = this.#open.splice(0, free);
    await this.#work.lease.hold({ begun: [...this.#inFlight.keys(), ...group], ...this.#counts() });
    for (const index of group) {
      const call = this.#call(index)
        .catch((error: unknown) => {
          this.#failure ??= { error };
        })
        .finally(() => {
          this.#inFlight.delete(index);
          this.#wake();
        });
      this.#inFlight.set(index, call);
    }
  }

  #counts() {
    const results = [...this.#work.results.values()];
    const completed = results.filter((result) => result.completed).length;
    return { completed, failed: results.length - completed };
  }

  /** Whether it should stop, and holds on to the chunk while it does not. */
  async #look(): Promise<void> {
    const { clock, pace, store } = this.#services;
    const { conditions, lease } = this.#work;
    this.#stopped ||= conditions.mustEnd() || conditions.givesUp === true;
    const at = clock.now();
    if (at - this.#lookedAt >= pace.lookMs) {
      this.#lookedAt = at;
      this.#batch = (await store.loadBatch(this.#batch.tenant, this.#batch.id)) ?? this.#batch;
    }
    this.#reason ??= stopReason(this.#batch, at);
    if (!lease.isDue) return;
    await lease.hold({ begun: [...this.#inFlight.keys()], ...this.#counts() });
  }

  /** Until a call has ended, or it is time to look around. */
  #untilSomething(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#services.clock.after(this.#services.pace.lookMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async #call(index: number): Promise<void> {
    const { services, work } = { services: this.#services, work: this.#work };
    const line = work.lines[index];
    const name = {
      batch: work.batch.id,
      number: work.firstLine + index,
      customId: line?.customId ?? '',
    };
    if (line === undefined) return this.#keep(unansweredLine(index, name, 'gave-up'));
    const tenant = tenantOf(services.config, work.batch);
    const { signal } = work.conditions;
    const traceparent = traceOf(work.batch.id, name.number);
    const answer = await lineAnswerOf(
      await services.gateway.answer(requestOfLine(work.batch, line, { tenant, signal, traceparent })),
    );
    switch (answer.kind) {
      case 'result':
        return this.#keep(answeredLine(index, name, answer));
      case 'not-now':
        this.#width = Math.max(0, this.#width - 1);
        this.#retryAfterMs = answer.retryAfterMs;
        this.#open.push(index);
        return;
      case 'failed': {
        const tries = (this.#tries.get(index) ?? 0) + 1;
        this.#tries.set(index, tries);
        if (tries >= TRIES_MAX) return this.#keep(answeredLine(index, name, answer));
        this.#open.push(index);
        return;
      }
      case 'left':
        this.#stopped = true;
        this.#open.push(index);
    }
  }

  async #keep(result: LineResult): Promise<void> {
    await this.#work.keep(result);
    this.#work.results.set(result.index, result);
    this.#width = Math.min(this.#services.pace.linesInFlight, this.#width + 1 / Math.max(1, this.#width));
  }
}

/** One trace for each line, whoever calls it and however often: the same line is told by it on every target's side. */
function traceOf(batch: string, number: number): string {
  const digits = batch.replace(/^batch_/, '').padEnd(24, '0');
  const line = number.toString(16).padStart(8, '0');
  return `00-${digits.slice(0, 12)}${digits.slice(-12)}${line}-${digits.slice(-8)}${line}-01`;
}
