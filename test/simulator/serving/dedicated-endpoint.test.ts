import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DedicatedEndpoint, type DedicatedOptions } from '#simulator/serving/dedicated-endpoint.ts';
import { type BackendCall, runBackend } from '#test/builders/backend-run.ts';

/** A call of 10 tokens in and 101 out takes 1,020 ms alone. */
const options: DedicatedOptions = {
  engine: {
    blocks: 1_000,
    sequencesMax: 8,
    batchTokensMax: 2_048,
    promptChunkMax: 2_048,
    prefillTokensPerSecond: 1_000,
    iterationMs: 10,
    batchKnee: 10,
  },
  scaling: {
    copiesMin: 1,
    copiesMax: 3,
    targetConcurrencyPerCopy: 2,
    scaleOutMs: 258_000,
    wakeMs: 303_000,
    scaleInMs: 900_000,
  },
  lookMs: 10_000,
};
const scaling = options.scaling;
const call = (id: number, atMs: number): BackendCall => ({ id, atMs, inputTokens: 10, outputTokens: 101 });
/** So many calls are there all the time. */
const steady = (perSecond: number, fromMs: number, untilMs: number): BackendCall[] => {
  const count = Math.floor(((untilMs - fromMs) * perSecond) / 1_000);
  return Array.from({ length: count }, (_, index) =>
    call(fromMs + index, fromMs + (index * 1_000) / perSecond),
  );
};

describe('a dedicated endpoint', () => {
  it('gives each call to the copy that has the fewest', () => {
    const endpoint = new DedicatedEndpoint({ ...options, copies: 2 });
    const { finishedMs } = runBackend(endpoint, [call(1, 0), call(2, 0), call(3, 0)]);
    expect(finishedMs.get(2)).toBe(1_020);
    expect(finishedMs.get(1)).toBeGreaterThan(1_100);
    expect(finishedMs.get(3)).toBe(finishedMs.get(1));
  });

  it.each([
    [10_000, 3, 30_000 + 258_000],
    [60_000, 3, 180_000 + 258_000],
    [10_000, 1, 10_000 + 258_000],
  ])(
    'has a metric every %i ms, and after %i high ones more copies serve at %i ms',
    (lookMs, highLooks, readyMs) => {
      const endpoint = new DedicatedEndpoint({ ...options, lookMs, scaling: { ...scaling, highLooks } });
      runBackend(endpoint, steady(4, 0, readyMs - 1), readyMs - 1);
      expect(endpoint.copies(readyMs - 1)).toEqual({ current: 1, desired: 3 });
      endpoint.advance(readyMs, {
        firstToken: () => undefined,
        finished: () => undefined,
        preempted: () => undefined,
      });
      expect(endpoint.copies(readyMs)).toEqual({ current: 3, desired: 3 });
      expect(endpoint.paidCopyMs(readyMs)).toBe(readyMs - 258_000 + 3 * 258_000);
    },
  );

  it('fails all calls from nothing until the first of them has woken it', () => {
    const asleep = new DedicatedEndpoint({ ...options, scaling: { ...scaling, copiesMin: 0 } });
    expect(asleep.nextAtMs()).toBe(Number.POSITIVE_INFINITY);
    const { refused, finishedMs } = runBackend(asleep, [call(1, 5_000), call(2, 307_999), call(3, 308_000)]);
    expect([...refused]).toEqual([
      [1, 'no-capacity'],
      [2, 'no-capacity'],
    ]);
    expect(finishedMs.get(3)).toBe(309_020);
    expect(asleep.paidCopyMs(309_020)).toBe(303_000 + 1_020);
  });

  it('goes back to nothing after a quarter of an hour without a call, and costs nothing from then on', () => {
    const endpoint = new DedicatedEndpoint({ ...options, scaling: { ...scaling, copiesMin: 0 }, copies: 1 });
    runBackend(endpoint, [call(1, 0)], 2_000_000);
    // The first look without a call is the second one.
    expect(endpoint.copies(2_000_000).current).toBe(0);
    expect(endpoint.paidCopyMs(2_000_000)).toBe(20_000 + 900_000);
    expect(endpoint.nextAtMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('lets a copy that is no longer wanted end what it has, and pays for that', () => {
    const endpoint = new DedicatedEndpoint({ ...options, copies: 2 });
    const long = { id: 9, atMs: 0, inputTokens: 10, outputTokens: 15_900 };
    const other = { ...long, id: 8, inputTokens: 10, outputTokens: 100_000 / 10 };
    const engine = { ...options.engine, iterationMs: 100 };
    const slow = new DedicatedEndpoint({ ...options, engine, copies: 2 });
    const { finishedMs } = runBackend(slow, [other, long], 2_000_000);
    expect(slow.copies(2_000_000).current).toBe(1);
    expect(finishedMs.get(8)).toBeCloseTo(1_000_010, 0);
    expect(finishedMs.get(9)).toBeCloseTo(1_590_010, 0);
    // From 910 s on one of them is not wanted, and it has its call until 1,000 or 1,590 s.
    expect(slow.paidCopyMs(2_000_000)).toBeGreaterThan(2_000_000 + 999_000);
    expect(slow.paidCopyMs(2_000_000)).toBeLessThan(2_000_000 + 1_591_000);
    expect(endpoint.paidCopyMs(1_000)).toBe(2_000);
  });

  it('loses what a copy had when that is gone, and has another one in the time of a scale-out', () => {
    const endpoint = new DedicatedEndpoint({ ...options, copies: 2 });
    for (const id of [1, 2, 3]) endpoint.enter(0, call(id, 0));
    expect(endpoint.loseCopies(0, 1)).toEqual([2]);
    expect(endpoint.copies(0)).toEqual({ current: 1, desired: 2 });
    const { finishedMs } = runBackend(endpoint, [], 258_000);
    expect([...finishedMs.keys()].sort()).toEqual([1, 3]);
    expect(endpoint.copies(258_000).current).toBe(2);
  });

  it('refuses what no copy could hold, and says what its copies have', () => {
    const endpoint = new DedicatedEndpoint({ ...options, copies: 2 });
    expect(endpoint.enter(0, { id: 1, inputTokens: 16_000, outputTokens: 10 })).toBe('too-long');
    for (let id = 2; id < 20; id += 1) endpoint.enter(0, call(id, 0));
    expect(endpoint.load(0)).toEqual({ running: 16, waiting: 2, blocksHeld: 0 });
    expect(endpoint.inFlight).toBe(18);
    expect(endpoint.writtenTokens(2, 0)).toBe(0);
  });

  it('finds prompts again that a copy has read, where copies keep them', () => {
    const prefixCache = { blocksMax: 100, blockTokens: 512 };
    const endpoint = new DedicatedEndpoint({ ...options, prefixCache });
    const long = { inputTokens: 1_500, outputTokens: 1, prefixHashes: [1, 2, 3] };
    const { finishedMs } = runBackend(endpoint, [
      { ...long, id: 1, atMs: 0 },
      { ...long, id: 2, atMs: 10_000 },
    ]);
    expect(finishedMs.get(1)).toBe(1_510);
    // All of it is there: the last token alone is computed.
    expect(finishedMs.get(2)).toBe(10_011);
  });

  it('ends, loses or refuses each call once, whatever comes when, and pays for all copies there are', () => {
    const calls = fc.array(
      fc.record({
        gapMs: fc.oneof(fc.nat(300), fc.nat(200_000)),
        inputTokens: fc.integer({ min: 1, max: 3_000 }),
        outputTokens: fc.integer({ min: 1, max: 2_000 }),
        patienceMs: fc.option(fc.nat(30_000), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(calls, fc.nat(2), (all, copiesMin) => {
        let atMs = 0;
        const sent = all.map(({ gapMs, patienceMs, ...rest }, id) => {
          atMs += gapMs;
          return { id, atMs, ...rest, ...(patienceMs === undefined ? {} : { leavesMs: atMs + patienceMs }) };
        });
        const run = () => {
          const endpoint = new DedicatedEndpoint({ ...options, scaling: { ...scaling, copiesMin } });
          return { endpoint, ...runBackend(endpoint, sent) };
        };
        const { endpoint, said, refused, left, finishedMs } = run();
        const ids = [...refused.keys(), ...left, ...finishedMs.keys()].sort((a, b) => a - b);
        expect(ids).toEqual(sent.map(({ id }) => id));
        expect(endpoint.inFlight).toBe(0);
        const endMs = Math.max(atMs, ...finishedMs.values());
        expect(endpoint.paidCopyMs(endMs)).toBeGreaterThanOrEqual(copiesMin * endMs * 0.999999);
        expect(endpoint.paidCopyMs(endMs)).toBeLessThanOrEqual(scaling.copiesMax * endMs * 2);
        expect(run().said).toEqual(said);
      }),
      { numRuns: 60 },
    );
  });
});
