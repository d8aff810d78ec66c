import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import traffic from '#data/traffic.json' with { type: 'json' };
import { MOONCAKE_TICK_MS } from '#simulator/arrivals/read-mooncake-trace.ts';
import { createTraceSource, type TracePlay } from '#simulator/arrivals/trace-source.ts';
import { TraceTable } from '#simulator/arrivals/trace-table.ts';
import { arrivalsOf } from '#test/builders/arrivals-of.ts';
import { momentsOf } from '#test/builders/sample-moments.ts';

function tableOf(rows: readonly (readonly number[])[]): TraceTable {
  const table = new TraceTable();
  for (const [atMs = 0, inputTokens = 1, outputTokens = 1] of rows)
    table.add({ atMs, inputTokens, outputTokens });
  return table;
}
const recorded = tableOf(traffic.conversation);
const play = { region: 'eu-central-1', model: 'large' };
const arrivalsIn = (table: TraceTable, more: Partial<TracePlay> = {}) =>
  arrivalsOf(createTraceSource(table, { ...play, ...more }, createSeededRandom('trace')));

describe('a trace, played', () => {
  it('is the trace: a thousand real requests', () => {
    const arrivals = arrivalsIn(recorded);
    expect(arrivals).toHaveLength(1_000);
    expect(arrivals.map(({ atMs, inputTokens, outputTokens }) => [atMs, inputTokens, outputTokens])).toEqual(
      traffic.conversation,
    );
    expect(arrivals[0]).toMatchObject(play);
  });

  it('begins with its first request, whenever that was', () => {
    expect(arrivalsIn(tableOf([[9_000], [5_000], [6_000]])).map(({ atMs }) => atMs)).toEqual([
      0, 1_000, 4_000,
    ]);
  });

  it('goes by faster, its bursts and pauses alike', () => {
    const twice = arrivalsIn(recorded, { speed: 2 });
    expect(twice.at(-1)?.atMs).toBe((traffic.conversation.at(-1)?.[0] ?? 0) / 2);
  });

  it.each([0.25, 1.5, 3])('has %d requests for each one, at its own pace and in order', (rate) => {
    const arrivals = arrivalsIn(recorded, { rate, spreadMs: 2_000 });
    expect(Math.abs(arrivals.length / (1_000 * rate) - 1)).toBeLessThan(0.2);
    expect(arrivals.every(({ atMs }, index) => atMs >= (arrivals[index - 1]?.atMs ?? 0))).toBe(true);
  });

  it('spreads the requests of a tick over it, and becomes Poisson-like by that', () => {
    const ticks = Array.from({ length: 1_000 }, (_, tick) =>
      Array.from({ length: 10 }, () => [tick * MOONCAKE_TICK_MS, 1, 1]),
    ).flat();
    const times = arrivalsIn(tableOf(ticks), { spreadMs: MOONCAKE_TICK_MS }).map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(momentsOf(gaps).variation).toBeGreaterThan(0.9);
    expect(momentsOf(gaps).variation).toBeLessThan(1.1);
  });

  it('calls regions and models as the run does, and takes its own where the trace says nothing', () => {
    const table = new TraceTable();
    const row = { atMs: 0, inputTokens: 1, outputTokens: 1 };
    table.add({ ...row, region: 'eu-west', model: 'm-large', tenant: 'one' });
    table.add({ ...row, region: 'us-east', model: 'm-mid' });
    const names = { regions: { 'eu-west': 'eu-west-1' }, models: { 'm-mid': 'mid' }, tenant: 'ours' };
    expect(arrivalsIn(table, names)).toMatchObject([
      { region: 'eu-west-1', model: 'large', tenant: 'one' },
      { region: 'eu-central-1', model: 'mid', tenant: 'ours' },
    ]);
    expect(arrivalsIn(table)[0]).toMatchObject({ region: 'eu-west', model: 'm-large' });
  });

  it('is over at once where there is nothing in it', () => {
    expect(arrivalsIn(new TraceTable())).toEqual([]);
  });
});
