import { describe, expect, it } from 'vitest';
import { grownOutput } from '#core/kv/grown-output.ts';
import { admissibleTokens, inBlocks, kvTokensOfRequest } from '#core/kv/kv-tokens.ts';
import type { KvEngine } from '#serving-model/kv-engine.ts';
import { aLearnedBook } from '#test/builders/a-learned-book.ts';
import {
  type KvAdmission,
  type KvArrival,
  type KvOutcome,
  kvArrivals,
  kvTokensOfEngine,
  runKvWorld,
} from '#test/builders/kv-world.ts';

/** A copy with a cache of 96,000 tokens. Prompts are read in pieces, so that a long one does not hold up short ones. */
const engine: KvEngine = {
  blocks: 6_000,
  sequencesMax: 128,
  batchTokensMax: 2_048,
  promptChunkMax: 256,
  prefillTokensPerSecond: 40_000,
  iterationMs: 15,
  batchKnee: 64,
};
const pool = kvTokensOfEngine(engine);
const slots = engine.sequencesMax;
const maxTokens = 1_024;
const kind = { tenant: 'any', model: 'chat', route: '/v1/chat/completions' };

/** Up to a tenth too many or too few, as estimates are; the same for a request each time. */
function estimated({ inputTokens }: KvArrival): number {
  return Math.ceil(inputTokens * (0.9 + ((inputTokens * 7_919) % 200) / 1_000));
}

/**
 * As the product admits: estimated input, the longest tenth of answers as learned so far, nine tenths of the pool; and an
 * answer that outgrows that holds twice what it has come to.
 */
function byExpectation({ grows = true } = {}): KvAdmission {
  const book = aLearnedBook();
  const reserved = new Map<string, number>();
  return {
    slots,
    kvTokens: admissibleTokens(pool),
    reserve: (arrival) => {
      const outputTokens = book.expectedOutput(kind, maxTokens);
      reserved.set(arrival.id, outputTokens);
      return kvTokensOfRequest({ inputTokens: estimated(arrival), outputTokens });
    },
    grownTo: (arrival, writtenTokens) => {
      const before = reserved.get(arrival.id) ?? 0;
      const outputTokens = grows && writtenTokens >= before ? grownOutput(writtenTokens, maxTokens) : before;
      reserved.set(arrival.id, outputTokens);
      return kvTokensOfRequest({ inputTokens: estimated(arrival), outputTokens });
    },
    finished: ({ outputTokens }) => book.answered(kind, { outputTokens, maxTokens }),
  };
}

/** Knows how long each answer will be, and wastes nothing. */
const byOracle: KvAdmission = {
  slots,
  kvTokens: pool,
  reserve: ({ inputTokens, outputTokens }) => inBlocks(inputTokens + outputTokens),
};

const byRequestsOnly: KvAdmission = { slots, kvTokens: undefined, reserve: () => 0 };

const byMaxTokens: KvAdmission = {
  slots,
  kvTokens: admissibleTokens(pool),
  reserve: (arrival) => kvTokensOfRequest({ inputTokens: estimated(arrival), outputTokens: maxTokens }),
};

const arrivalsOf = (seed: number, perSecond: number) =>
  kvArrivals({ seed, seconds: 240, perSecond, maxTokens });
const p99 = ({ shortFirstTokenMs: all }: KvOutcome) => all[Math.ceil(all.length * 0.99) - 1] ?? 0;

/** Eight a second leave room at most times; thirteen are more than even the oracle can serve. */
const loads = [
  { seed: 1, perSecond: 8 },
  { seed: 2, perSecond: 13 },
  { seed: 3, perSecond: 13 },
];

describe('a copy that is admitted to by memory, one prompt in twenty thirty times as long', () => {
  it.each(loads)('runs out of none, and loses less than a tenth to an oracle: %o', ({ seed, perSecond }) => {
    const arrivals = arrivalsOf(seed, perSecond);
    const ours = runKvWorld(engine, arrivals, byExpectation());
    const oracle = runKvWorld(engine, arrivals, byOracle);
    expect(ours.preemptions).toBe(0);
    expect(oracle.preemptions).toBe(0);
    expect(ours.outputTokensPerSecond / oracle.outputTokensPerSecond).toBeGreaterThanOrEqual(0.9);
  });

  it.each(loads)('answers short prompts about as soon as if they were alone: %o', ({ seed, perSecond }) => {
    const arrivals = arrivalsOf(seed, perSecond);
    const short = arrivals.filter(({ isLong }) => !isLong);
    const mixed = runKvWorld(engine, arrivals, byExpectation());
    const alone = runKvWorld(engine, short, byExpectation());
    expect(mixed.shortFirstTokenMs.length).toBeGreaterThan(0.8 * short.length);
    expect(p99(mixed) / p99(alone)).toBeLessThanOrEqual(1.3);
  });
});

describe('a wrong admission', () => {
  const arrivals = arrivalsOf(2, 13);

  it('by requests alone runs out of memory', () => {
    expect(runKvWorld(engine, arrivals, byRequestsOnly).preemptions).toBeGreaterThan(100);
  });

  it('by the longest answer that is allowed leaves a tenth of the engine unused', () => {
    const wasted = runKvWorld(engine, arrivals, byMaxTokens);
    const oracle = runKvWorld(engine, arrivals, byOracle);
    expect(wasted.outputTokensPerSecond / oracle.outputTokensPerSecond).toBeLessThan(0.9);
  });
});

describe('answers that become five times as long from one moment to the next', () => {
  const arrivals = arrivalsOf(3, 8).map((arrival) => ({
    ...arrival,
    outputTokens: arrival.at < 60_000 ? Math.min(arrival.outputTokens, 200) : maxTokens,
  }));

  it('throw out fewer than half as many where what they outgrow is held', () => {
    const held = runKvWorld(engine, arrivals, byExpectation());
    const forgotten = runKvWorld(engine, arrivals, byExpectation({ grows: false }));
    expect(held.preemptions).toBeGreaterThan(0);
    expect(held.preemptions / forgotten.preemptions).toBeLessThan(0.5);
    expect(held.outputTokensPerSecond / forgotten.outputTokensPerSecond).toBeGreaterThan(0.95);
  });
});
