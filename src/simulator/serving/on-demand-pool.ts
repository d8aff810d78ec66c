import type { Random } from '#core/units/random.ts';
import type { BatchEvents } from '#serving-model/batch-engine.ts';
import { ArrivalHeap } from '../arrivals/arrival-heap.ts';
import { normalSampler, type Sampler } from '../arrivals/samplers.ts';
import type { QuotaPool } from './quota-pool.ts';
import type { BackendRequest, Refusal, ServingBackend } from './serving-backend.ts';

/** A lognormal law of times. */
export interface DurationLaw {
  readonly medianMs: number;
  /** Deviation of the logarithm, 0 for always the median. */
  readonly sigma: number;
}

/** A time in which the pool has too little for all: such a share of the calls that begin in it is refused. */
interface Shortage {
  readonly fromMs: number;
  /** Excluded. */
  readonly untilMs: number;
  /** 0 to 1. */
  readonly refusedShare: number;
}

export interface OnDemandOptions {
  readonly quota: QuotaPool;
  /** From the call to its first token, without its prompt’s length. */
  readonly firstTokenMs: DurationLaw;
  /** Besides, for each token of the prompt that is not cached. */
  readonly promptTokenMs: number;
  /** From token to token of one call. */
  readonly tokenMs: DurationLaw;
  readonly shortages: readonly Shortage[];
  readonly random: Random;
}

interface PooledCall {
  readonly request: BackendRequest;
  readonly firstAtMs: number;
  readonly tokenMs: number;
  readonly endAtMs: number;
  hasBegun: boolean;
  isOver: boolean;
}

/**
 * A model of Bedrock on demand: nobody’s copies, a quota of one’s own, and times that the load of one caller does not
 * change. In a shortage it answers 503.
 */
export class OnDemandPool implements ServingBackend {
  readonly #options: OnDemandOptions;
  readonly #normal: Sampler;
  readonly #calls = new Map<number, PooledCall>();
  readonly #due = new ArrivalHeap<PooledCall>();

  constructor(options: OnDemandOptions) {
    this.#options = options;
    this.#normal = normalSampler(options.random);
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  enter(atMs: number, request: BackendRequest): Refusal | undefined {
    const { quota, promptTokenMs } = this.#options;
    if (!quota.take(atMs, takenBy(request))) return 'throttled';
    if (this.#isShort(atMs)) {
      // AWS counts what it has served; a call that it refuses for itself is none of the account's tokens.
      quota.settle(atMs, takenBy(request), { inputTokens: 0, outputTokens: 0 });
      return 'unavailable';
    }
    const { inputTokens, outputTokens, cachedTokens = 0 } = request;
    const beforeMs = this.#draw(this.#options.firstTokenMs) + (inputTokens - cachedTokens) * promptTokenMs;
    const tokenMs = this.#draw(this.#options.tokenMs);
    const firstAtMs = atMs + beforeMs;
    const endAtMs = firstAtMs + (outputTokens - 1) * tokenMs;
    const call = { request, firstAtMs, tokenMs, endAtMs, hasBegun: false, isOver: false };
    this.#calls.set(request.id, call);
    this.#due.push(firstAtMs, call);
    return undefined;
  }

  leave(id: number, atMs: number): boolean {
    const call = this.#calls.get(id);
    if (call === undefined) return false;
    this.#end(call, atMs, this.writtenTokens(id, atMs));
    return true;
  }

  writtenTokens(id: number, atMs: number): number {
    const call = this.#calls.get(id);
    if (call === undefined || atMs < call.firstAtMs) return 0;
    const { tokenMs, firstAtMs, request } = call;
    const later = tokenMs === 0 ? request.outputTokens : Math.floor((atMs - firstAtMs) / tokenMs);
    return Math.min(request.outputTokens, 1 + later);
  }

  nextAtMs(): number {
    while (this.#due.peek()?.isOver === true) this.#due.pop();
    return this.#due.nextMs();
  }

  advance(atMs: number, events: BatchEvents): void {
    for (let nextMs = this.nextAtMs(); nextMs <= atMs; nextMs = this.nextAtMs()) {
      const call = this.#due.pop();
      if (call === undefined) return;
      if (call.hasBegun) {
        this.#end(call, nextMs, call.request.outputTokens);
        events.finished(call.request.id, nextMs);
        continue;
      }
      call.hasBegun = true;
      this.#due.push(call.endAtMs, call);
      events.firstToken(call.request.id, nextMs);
    }
  }

  #end(call: PooledCall, atMs: number, outputTokens: number): void {
    const { request } = call;
    call.isOver = true;
    this.#calls.delete(request.id);
    const inputTokens = request.inputTokens - (request.cachedTokens ?? 0);
    this.#options.quota.settle(atMs, takenBy(request), { inputTokens, outputTokens });
  }

  #isShort(atMs: number): boolean {
    for (const { fromMs, untilMs, refusedShare } of this.#options.shortages)
      if (atMs >= fromMs && atMs < untilMs && this.#options.random.next() < refusedShare) return true;
    return false;
  }

  #draw({ medianMs, sigma }: DurationLaw): number {
    return medianMs * Math.exp(sigma * this.#normal());
  }
}

function takenBy({ inputTokens, outputTokens, outputTokensMax = outputTokens }: BackendRequest) {
  return { inputTokens, outputTokensMax };
}
