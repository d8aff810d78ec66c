import { describe, expect, it } from 'vitest';
import parameters from '#data/engine-parameters.json' with { type: 'json' };
import {
  type EngineRow,
  kvEngineOf,
  latencyLineOf,
  type Parameter,
} from '#simulator/serving/engine-parameters.ts';
import { runClosedLoop } from '#test/builders/closed-loop.ts';

const engines: readonly EngineRow[] = parameters.engines;
const measuredRows = engines.flatMap(({ id, call, measured = [] }) =>
  measured.map((point) => ({ id, ...call, ...point })),
);
const lines = engines.flatMap(({ id, call, line }) => (line === undefined ? [] : [{ id, ...call, ...line }]));

describe('engines from what was measured', () => {
  it('are eight measured rows of two endpoints', () => {
    expect(measuredRows).toHaveLength(8);
  });

  it.each(measuredRows)(
    '$id with $concurrency calls has the published time and throughput, within 15 %',
    (row) => {
      const seen = runClosedLoop(kvEngineOf(parameters, row.id), { ...row, rounds: 12 });
      expect(Math.abs(seen.p50Ms / row.p50Ms - 1)).toBeLessThan(0.15);
      expect(Math.abs(seen.outputTokensPerSecond / row.outputTokensPerSecond - 1)).toBeLessThan(0.15);
    },
  );

  it.each(lines)('$id has the times of its line, within 3 %', ({ aloneMs, perOtherMs, ...row }) => {
    // Calls of one step wait for the end of the step before: alone only do they take what the line says.
    for (const concurrency of row.outputTokens === 1 ? [1] : [1, 4, 16, 32]) {
      const seen = runClosedLoop(kvEngineOf(parameters, row.id), { ...row, concurrency, rounds: 12 });
      const expected = aloneMs + perOtherMs * (concurrency - 1);
      expect(Math.abs(seen.meanMs / expected - 1)).toBeLessThan(0.03);
    }
  });

  it('keep the times of their rows wherever the unknown speed of prompts lies', () => {
    for (const row of measuredRows)
      for (const prefillTokensPerSecond of rowOf(row.id).prefillTokensPerSecond.range) {
        const engine = kvEngineOf(parameters, row.id, { prefillTokensPerSecond });
        const seen = runClosedLoop(engine, { ...row, rounds: 12 });
        expect(Math.abs(seen.p50Ms / row.p50Ms - 1)).toBeLessThan(0.15);
      }
  });

  it('take what a sweep chooses', () => {
    const usual = kvEngineOf(parameters, 'dialogue');
    const chosen = kvEngineOf(parameters, 'dialogue', { blocks: 7, slowness: 2 });
    expect(chosen.blocks).toBe(7);
    expect(chosen.iterationMs).toBeGreaterThan(2 * usual.iterationMs);
  });

  it('are refused where nobody knows them, or their prompts would take all the time', () => {
    expect(() => kvEngineOf(parameters, 'none')).toThrow('Known: qwen3-32b-g6e-12xlarge,');
    expect(() => kvEngineOf(parameters, 'dialogue', { prefillTokensPerSecond: 1_000 })).toThrow(
      'take more than',
    );
  });

  it('come from the line nearest to the points', () => {
    const exact = [1, 8, 32].map((concurrency) => {
      const p50Ms = 1_000 + 50 * (concurrency - 1);
      return { concurrency, p50Ms, outputTokensPerSecond: (concurrency * 100 * 1_000) / p50Ms };
    });
    const { aloneMs, perOtherMs } = latencyLineOf(exact, 100);
    expect([aloneMs, perOtherMs]).toEqual([expect.closeTo(1_000, 6), expect.closeTo(50, 6)]);
    expect(() => latencyLineOf(exact.slice(1, 1), 100)).toThrow('two points');
  });
});

describe('the numbers of the file', () => {
  it('each say where they come from, and lie in the range that a sweep covers', () => {
    const all: Parameter[] = [
      ...engines.flatMap((row) => [row.prefillTokensPerSecond, row.blocks]),
      ...[
        parameters.batch,
        parameters.callSpread,
        parameters.dedicated,
        parameters.imported,
        parameters.onDemand,
      ].flatMap((group) => Object.values(group)),
    ];
    expect(all.length).toBeGreaterThan(30);
    for (const { value, range, basis, source } of all) {
      expect(['published', 'derived', 'assumed']).toContain(basis);
      expect(source.length).toBeGreaterThan(10);
      const [least, most] = range;
      expect([(least ?? Number.NaN) <= value, value <= (most ?? Number.NaN), range.length]).toEqual([
        true,
        true,
        2,
      ]);
      // What is assumed has to be swept.
      if (basis === 'assumed') expect(most).toBeGreaterThan(least ?? Number.NaN);
    }
  });
});

function rowOf(id: string): EngineRow {
  const row = engines.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no ${id}`);
  return row;
}
