import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TraceRow, TraceTable } from '#simulator/arrivals/trace-table.ts';

const tokens = fc.integer({ min: 1, max: 2_000_000 });
const word = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
const row: fc.Arbitrary<TraceRow> = fc.record({
  atMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
  inputTokens: tokens,
  outputTokens: tokens,
  region: word,
  model: word,
  tenant: word,
  prefixBlocks: fc.option(fc.array(fc.nat()), { nil: undefined }),
});

describe('a trace in columns', () => {
  it('gives back what was put in, and knows the order of time', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const table = new TraceTable();
        for (const each of rows) table.add(each);
        expect(rows.map((_, index) => table.row(index))).toEqual(rows);
        const expected = rows
          .map(({ atMs }, index) => ({ atMs, index }))
          .sort((left, right) => left.atMs - right.atMs || left.index - right.index)
          .map(({ index }) => index);
        expect([...table.order()]).toEqual(expected);
      }),
    );
  });

  it('grows', () => {
    const table = new TraceTable();
    for (let atMs = 0; atMs < 5_000; atMs += 1) table.add({ atMs, inputTokens: atMs + 1, outputTokens: 1 });
    expect(table.size).toBe(5_000);
    expect(table.row(4_999)).toMatchObject({ atMs: 4_999, inputTokens: 5_000 });
    expect(() => table.row(5_000)).toThrow('none at 5000');
  });
});
