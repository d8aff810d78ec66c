import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchEngine } from '#serving-model/batch-engine.ts';
import type { KvEngine } from '#serving-model/kv-engine.ts';
import { type BatchArrival, runBatch, runKvIterations } from '#test/builders/batch-run.ts';

const engine: KvEngine = {
  blocks: 1_000,
  sequencesMax: 4,
  batchTokensMax: 64,
  promptChunkMax: 32,
  prefillTokensPerSecond: 1_000,
  iterationMs: 10,
  batchKnee: 10,
};

const silent = { firstToken: () => undefined, finished: () => undefined, preempted: () => undefined };

/** Times are whole milliseconds and iterations take odd fractions, so that nobody comes in the very instant of an end. */
const engines: fc.Arbitrary<KvEngine> = fc.record({
  blocks: fc.integer({ min: 10, max: 60 }),
  sequencesMax: fc.integer({ min: 1, max: 12 }),
  batchTokensMax: fc.integer({ min: 12, max: 200 }),
  promptChunkMax: fc.integer({ min: 1, max: 200 }),
  prefillTokensPerSecond: fc.constantFrom(977.3, 7_001.9),
  iterationMs: fc.constantFrom(10.137, 3.0713),
  batchKnee: fc.constantFrom(3.1, 41.7),
});

const arrivalsOf = (count: number, isLeaving = false): fc.Arbitrary<BatchArrival[]> =>
  fc
    .array(
      fc.record({
        gapMs: fc.integer({ min: 0, max: 120 }),
        inputTokens: fc.integer({ min: 1, max: 90 }),
        outputTokens: fc.integer({ min: 1, max: 70 }),
        patienceMs: isLeaving
          ? fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined })
          : fc.constant(undefined),
      }),
      { minLength: 1, maxLength: count },
    )
    .map((requests) => {
      let atMs = 0;
      return requests.map(({ gapMs, inputTokens, outputTokens, patienceMs }, id) => {
        atMs += gapMs;
        const leaves = patienceMs === undefined ? {} : { leavesMs: atMs + patienceMs };
        return { id, atMs, inputTokens, outputTokens, ...leaves };
      });
    });

describe('an engine that batches, event by event', () => {
  it('reads a prompt in chunks, then writes a token in each iteration', () => {
    const { said, atMs } = runBatch(engine, [{ id: 1, atMs: 5, inputTokens: 50, outputTokens: 3 }]);
    expect(said).toEqual(['first 1', 'finished 1']);
    // Iterations of 42, 28, 10 and 10 ms, as in the test of the engine that walks through them.
    expect(atMs).toEqual([75, 95]);
  });

  it('does what the engine does that walks through all iterations, in the same order and at the same times', () => {
    let preempted = 0;
    fc.assert(
      fc.property(engines, arrivalsOf(14), (of, arrivals) => {
        const [quick, slow] = [runBatch(of, arrivals), runKvIterations(of, arrivals)];
        expect(quick.said).toEqual(slow.said);
        for (const [index, atMs] of quick.atMs.entries()) expect(atMs).toBeCloseTo(slow.atMs[index] ?? 0, 6);
        preempted += quick.said.filter((each) => each.startsWith('preempted')).length;
      }),
      { numRuns: 300 },
    );
    // Without any, the hardest part would not have been compared.
    expect(preempted).toBeGreaterThan(100);
  });

  it('ends or lets go each one once, and never holds more blocks than there are', () => {
    let gone = 0;
    fc.assert(
      fc.property(engines, arrivalsOf(20, true), (of, arrivals) => {
        const { said, left, loads } = runBatch(of, arrivals);
        const finished = said
          .filter((each) => each.startsWith('finished'))
          .map((each) => Number(each.split(' ')[1]));
        expect([...finished, ...left].sort((a, b) => a - b)).toEqual(arrivals.map(({ id }) => id));
        expect(new Set(said.filter((each) => each.startsWith('first'))).size).toBe(
          said.filter((each) => each.startsWith('first')).length,
        );
        for (const { running, waiting, blocksHeld } of loads) {
          expect(Math.min(running, waiting, blocksHeld)).toBeGreaterThanOrEqual(0);
          expect(blocksHeld).toBeLessThanOrEqual(of.blocks);
          expect(running).toBeLessThanOrEqual(of.sequencesMax);
        }
        expect(loads.at(-1)).toEqual({ running: 0, waiting: 0, blocksHeld: 0 });
        gone += left.size;
      }),
      { numRuns: 300 },
    );
    expect(gone).toBeGreaterThan(100);
  });

  it('says the same whenever it is asked the same, however finely time goes on', () => {
    fc.assert(
      fc.property(engines, arrivalsOf(12, true), (of, arrivals) => {
        expect(runBatch(of, arrivals)).toEqual(runBatch(of, arrivals));
      }),
      { numRuns: 30 },
    );
    const [whole, fine] = [new BatchEngine(engine), new BatchEngine(engine)];
    const said: string[][] = [[], []];
    const eventsOf = (index: number) => ({
      ...silent,
      finished: (id: number, atMs: number) => said[index]?.push(`${id} ${atMs}`),
    });
    for (const each of [whole, fine])
      for (const id of [1, 2, 3]) each.enter(0, { id, inputTokens: 40 * id, outputTokens: 9 * id });
    for (let atMs = 0; atMs <= 2_000; atMs += 1) fine.advance(atMs, eventsOf(1));
    whole.advance(2_000, eventsOf(0));
    expect(said[0]).toHaveLength(3);
    expect(said[0]).toEqual(said[1]);
  });

  it('never serves a request sooner because others came before it', () => {
    const request = fc.record({
      inputTokens: fc.integer({ min: 1, max: 300 }),
      outputTokens: fc.integer({ min: 1, max: 80 }),
    });
    fc.assert(
      fc.property(engines, fc.array(request, { maxLength: 12 }), request, (of, others, last) => {
        // All in one instant and with blocks for all: between iterations one more may come just in time for the next.
        const wide = { ...of, blocks: 10_000 };
        const doneMs = (before: typeof others) => {
          const arrivals = [...before, last].map((each, id) => ({ ...each, id, atMs: 0 }));
          const { said, atMs } = runBatch(wide, arrivals);
          return atMs[said.indexOf(`finished ${before.length}`)] ?? 0;
        };
        expect(doneMs(others)).toBeGreaterThanOrEqual(doneMs(others.slice(1)) - 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('does not read again what lies in the cache, but holds its blocks', () => {
    const alone = (inputTokens: number, cachedTokens: number) =>
      runBatch(engine, [{ id: 1, atMs: 0, inputTokens, outputTokens: 5, cachedTokens }]);
    expect(alone(320, 290).atMs).toEqual(alone(30, 0).atMs);
    expect(alone(320, 290).loads[0]?.blocksHeld).toBe(19);
    // The last token of a prompt is always computed: the answer begins with it.
    expect(alone(32, 32).atMs[0]).toBe(11);
  });

  it('lets one go at the end of the iteration, and the next in line has its place', () => {
    const one = { ...engine, sequencesMax: 1 };
    const { said, atMs } = runBatch(one, [
      { id: 1, atMs: 0, inputTokens: 10, outputTokens: 50, leavesMs: 101 },
      { id: 2, atMs: 1, inputTokens: 10, outputTokens: 50, leavesMs: 50 },
      { id: 3, atMs: 2, inputTokens: 10, outputTokens: 2 },
    ]);
    expect(said).toEqual(['first 1', 'first 3', 'finished 3']);
    expect(atMs).toEqual([20, 130, 140]);
  });

  it('knows how far each one is', () => {
    const one = new BatchEngine(engine);
    one.enter(0, { id: 1, inputTokens: 10, outputTokens: 50 });
    one.advance(40, silent);
    expect([one.writtenTokens(1, 40), one.writtenTokens(1, 49), one.writtenTokens(1, 51)]).toEqual([3, 3, 4]);
    one.enter(55, { id: 2, inputTokens: 10, outputTokens: 50 });
    expect([one.writtenTokens(1, 55), one.writtenTokens(2, 55), one.writtenTokens(3, 55)]).toEqual([4, 0, 0]);
    one.advance(200, silent);
    expect([one.writtenTokens(1, 200), one.writtenTokens(2, 200)]).toEqual([16, 11]);
  });

  it('refuses what could never run, an id twice, and a moment that time has not come to', () => {
    const { enter, each } = { each: new BatchEngine(engine), enter: { inputTokens: 10, outputTokens: 2 } };
    expect(() => each.enter(0, { id: 1, inputTokens: 16_000, outputTokens: 2 })).toThrow(
      'larger than the cache',
    );
    expect(each.fits({ inputTokens: 15_999, outputTokens: 2 })).toBe(true);
    each.enter(0, { id: 1, ...enter });
    expect(() => each.enter(0, { id: 1, ...enter })).toThrow('already');
    expect(() => each.enter(500, { id: 2, ...enter })).toThrow('was not advanced to 500 ms');
    expect(each.leave(9, 1)).toBe(false);
    expect(each.size).toBe(1);
  });
});
