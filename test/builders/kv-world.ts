/** A copy of a model behind a gateway that admits by memory, in virtual time: who is let in, how fast, and at what cost. */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import type { Random } from '#core/units/random.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { enterKv, idleKvState, iterateKv, KV_BLOCK_TOKENS, type KvEngine } from '#serving-model/kv-engine.ts';
import { LEASE_RENEWED_MS } from '#usecases/ports/capacity-ledger.ts';

export interface KvArrival {
  readonly id: string;
  readonly at: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly isLong: boolean;
}

/** Who may have what of the memory. */
export interface KvAdmission {
  readonly slots: number;
  /** Undefined: only requests are limited. */
  readonly kvTokens: number | undefined;
  reserve(arrival: KvArrival): number;
  finished?(arrival: KvArrival): void;
  /** Tokens to hold for one of which so many of output are out. @default - what was reserved */
  grownTo?(arrival: KvArrival, writtenTokens: number): number;
}

export interface KvOutcome {
  readonly outputTokensPerSecond: number;
  readonly preemptions: number;
  /** Of short requests that were let in, milliseconds from arrival to first token, smallest first. */
  readonly shortFirstTokenMs: readonly number[];
  /** Of all arrivals. */
  readonly spilledShare: number;
}

/** Requests as they come: one in twenty reads thirty times as much. Answers have a long tail, up to `maxTokens`. */
export function kvArrivals(options: {
  readonly seed: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly maxTokens: number;
}): readonly KvArrival[] {
  const random = createSeededRandom(options.seed);
  const arrivals: KvArrival[] = [];
  for (let at = 0; at < options.seconds * 1_000; ) {
    at += (-Math.log(1 - random.next()) * 1_000) / options.perSecond;
    const isLong = random.next() < 0.05;
    const inputTokens = Math.ceil(logNormal(random, 480, 0.3) * (isLong ? 30 : 1));
    const outputTokens = Math.min(options.maxTokens, Math.ceil(logNormal(random, 140, 0.7)));
    arrivals.push({ id: `r${arrivals.length}`, at, inputTokens, outputTokens, isLong });
  }
  return arrivals;
}

function logNormal(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return median * Math.exp(spread * normal);
}

/** Runs all arrivals to their end. Who finds no room goes elsewhere at once, as a dedicated target spills. */
export function runKvWorld(
  engine: KvEngine,
  arrivals: readonly KvArrival[],
  admission: KvAdmission,
): KvOutcome {
  const ledger = createMemoryCapacityLedger();
  const limit = { target: 'gpu', slots: admission.slots, kvTokens: admission.kvTokens, copies: 1 };
  const admitted = new Map<string, KvArrival>();
  /** KV tokens of each lease that was ever granted. */
  const held = new Map<string, number>();
  const shortFirstTokenMs: number[] = [];
  let state = idleKvState;
  let [at, next, preemptions, tokens, renewedAt] = [0, 0, 0, 0, 0];
  while (next < arrivals.length || admitted.size > 0) {
    const idle = admitted.size === 0 ? arrivals[next]?.at : undefined;
    at = Math.max(at, idle ?? at);
    for (let arrival = arrivals[next]; arrival !== undefined && arrival.at <= at; arrival = arrivals[next]) {
      next += 1;
      const demand = { limit, leaseId: arrival.id, slotsReserved: 0, at };
      const kvTokens = admission.reserve(arrival);
      if (!ledger.acquire({ ...demand, kvTokens }).granted) continue;
      admitted.set(arrival.id, arrival);
      held.set(arrival.id, kvTokens);
      state = enterKv(state, arrival);
    }
    const step = iterateKv(engine, state);
    state = step.state;
    at += step.durationMs;
    preemptions += step.preempted.length;
    for (const { id, written } of state.running) {
      const arrival = admitted.get(id);
      const grownTo = arrival && admission.grownTo?.(arrival, written);
      if (grownTo !== undefined && grownTo > (held.get(id) ?? 0)) {
        held.set(id, grownTo);
        ledger.renew(limit, id, { at, grownTo });
      }
    }
    for (const id of step.begun) {
      const arrival = admitted.get(id);
      if (arrival !== undefined && !arrival.isLong) shortFirstTokenMs.push(at - arrival.at);
    }
    for (const id of step.finished) {
      const arrival = admitted.get(id);
      if (arrival === undefined) continue;
      tokens += arrival.outputTokens;
      admission.finished?.(arrival);
      ledger.release(limit, id, at);
      admitted.delete(id);
    }
    if (at - renewedAt >= LEASE_RENEWED_MS) {
      renewedAt = at;
      for (const id of admitted.keys()) ledger.renew(limit, id, { at });
    }
  }
  return {
    outputTokensPerSecond: (tokens * 1_000) / at,
    preemptions,
    shortFirstTokenMs: shortFirstTokenMs.sort((left, right) => left - right),
    spilledShare: 1 - tokensOf(arrivals, tokens),
  };
}

function tokensOf(arrivals: readonly KvArrival[], tokens: number): number {
  return tokens / arrivals.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
}

export function kvTokensOfEngine({ blocks }: KvEngine): number {
  return blocks * KV_BLOCK_TOKENS;
}
