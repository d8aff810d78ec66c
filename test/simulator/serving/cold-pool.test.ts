import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColdPool, type ColdPoolOptions } from '#simulator/serving/cold-pool.ts';
import { type BackendCall, runBackend } from '#test/builders/backend-run.ts';

/** A call of 10 tokens in and 101 out takes 1,020 ms alone. */
const options: ColdPoolOptions = {
  engine: {
    blocks: 1_000,
    sequencesMax: 8,
    batchTokensMax: 2_048,
    promptChunkMax: 2_048,
    prefillTokensPerSecond: 1_000,
    iterationMs: 10,
    batchKnee: 10,
  },
  copiesMax: 3,
  coldStartMs: 90_000,
  idleToColdMs: 300_000,
  windowMs: 300_000,
  growAt: { requestsPerCopy: 4, forMs: 60_000 },
};
const call = (id: number, atMs: number): BackendCall => ({ id, atMs, inputTokens: 10, outputTokens: 101 });

describe('a pool that goes cold', () => {
  it('is not ready until the copy has loaded that the first call asked for', () => {
    const pool = new ColdPool(options);
    const { refused, finishedMs } = runBackend(pool, [call(1, 1_000), call(2, 90_999), call(3, 91_000)]);
    expect([...refused]).toEqual([
      [1, 'not-ready'],
      [2, 'not-ready'],
    ]);
    expect(finishedMs.get(3)).toBe(92_020);
    expect(pool.paidWindows(92_020)).toBe(1);
  });

  it('may be woken without a call, once', () => {
    const pool = new ColdPool(options);
    pool.wake(0);
    pool.wake(5);
    expect(pool.copies).toEqual({ current: 0, desired: 1 });
    expect(runBackend(pool, [call(1, 90_000)]).refused.size).toBe(0);
  });

  it.each([300_000, 840_000, 3_600_000])('is cold again %i ms after its last call', (idleToColdMs) => {
    const pool = new ColdPool({ ...options, idleToColdMs });
    pool.wake(0);
    const lastMs = 91_020 + idleToColdMs;
    const { refused } = runBackend(pool, [
      call(1, 90_000),
      call(2, lastMs - 1),
      call(3, lastMs + 2_000 + idleToColdMs),
    ]);
    expect([...refused.keys()]).toEqual([3]);
  });

  it('is paid by windows from a copy’s first call on, and by none in which there was no call', () => {
    const pool = new ColdPool({ ...options, idleToColdMs: 3_600_000 });
    pool.wake(0);
    // Until 390 s the window of the first; 400 s opens the second, until 700 s; then none until 1,500 s.
    const calls = [call(1, 90_000), call(2, 389_000), call(3, 400_000), call(4, 1_500_000)];
    runBackend(pool, calls);
    // The second call ends in the time after the first window.
    expect(pool.paidWindows(1_501_020)).toBe(4 - 1);
    const busy = new ColdPool(options);
    busy.wake(0);
    runBackend(
      busy,
      [
        { id: 1, atMs: 90_000, inputTokens: 10, outputTokens: 15_000 },
        { ...call(2, 100_000), outputTokens: 15_000 },
      ],
      395_000,
    );
    expect(busy.inFlight).toBe(2);
    expect([busy.paidWindows(389_999), busy.paidWindows(390_001)]).toEqual([1, 2]);
  });

  it('has one more copy after a minute in which too many were in each one, up to the most there may be', () => {
    const pool = new ColdPool(options);
    pool.wake(0);
    const calls = Array.from({ length: 400 * 10 }, (_, index) => call(index, 90_000 + index * 100));
    const copiesAt = new Map<number, number>();
    runBackend(pool, calls.slice(0, 10 * 62), 152_000);
    expect(pool.copies.desired).toBe(2);
    const again = new ColdPool(options);
    again.wake(0);
    for (const each of calls) {
      again.advance(each.atMs, {
        firstToken: () => undefined,
        finished: () => undefined,
        preempted: () => undefined,
      });
      again.enter(each.atMs, each);
      copiesAt.set(each.atMs, again.copies.current);
    }
    // Crowded from the fifth call in flight on; a minute later the order, and 90 s after that the copy.
    expect([
      copiesAt.get(240_000),
      copiesAt.get(241_000),
      copiesAt.get(302_000),
      copiesAt.get(489_900),
    ]).toEqual([1, 2, 3, 3]);
  });

  it('refuses what no copy could hold, and says what its copies have', () => {
    const pool = new ColdPool(options);
    pool.wake(0);
    runBackend(pool, [], 90_000);
    expect(pool.enter(90_000, { id: 1, inputTokens: 16_000, outputTokens: 10 })).toBe('too-long');
    for (let id = 2; id < 12; id += 1) pool.enter(90_000, call(id, 90_000));
    expect(pool.load(90_000)).toEqual({ running: 8, waiting: 2, blocksHeld: 0 });
    expect(pool.leave(2, 90_000)).toBe(true);
    expect([pool.inFlight, pool.writtenTokens(3, 90_000)]).toEqual([9, 0]);
  });

  it('ends or refuses each call once, and pays for no more than windows without a gap', () => {
    const calls = fc.array(
      fc.record({ gapMs: fc.oneof(fc.nat(500), fc.nat(700_000)), leaves: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(
        calls,
        fc.integer({ min: 1, max: 20 }).map((times) => times * 60_000),
        (all, idleToColdMs) => {
          let atMs = 0;
          const sent = all.map(({ gapMs, leaves }, id) => {
            atMs += gapMs;
            return { ...call(id, atMs), ...(leaves ? { leavesMs: atMs + 500 } : {}) };
          });
          const pool = new ColdPool({ ...options, idleToColdMs });
          const { refused, left, finishedMs } = runBackend(pool, sent);
          const ids = [...refused.keys(), ...left, ...finishedMs.keys()].sort((a, b) => a - b);
          expect(ids).toEqual(sent.map(({ id }) => id));
          const served = left.size + finishedMs.size;
          const windows = pool.paidWindows(atMs + 2_000);
          expect(windows).toBeLessThanOrEqual(served * 2);
          expect(windows).toBeGreaterThanOrEqual(Math.min(1, served));
          expect(pool.copies.desired).toBeLessThanOrEqual(options.copiesMax);
        },
      ),
      { numRuns: 100 },
    );
  });
});
