import { describe, expect, it } from 'vitest';
import { knownTraces } from '#simulator/arrivals/known-traces.ts';
import { readCsvTrace } from '#simulator/arrivals/read-csv-trace.ts';

const mapping = {
  arrival: { column: 'when', unit: 's' },
  inputTokens: { column: 'in' },
  outputTokens: { column: 'out' },
  tenant: { column: 'who' },
} as const;
const read = (...lines: string[]) => readCsvTrace({ file: 'last-week.csv', lines: [lines] }, mapping);

describe('a trace in CSV', () => {
  it('is read by its columns, wherever they stand', async () => {
    const table = await read('\uFEFFwho,out,when,x,in\r', '"a,b",3,1.5,?,7\r', '', 'c,1,0.5,?,2\r');
    expect(table.size).toBe(2);
    expect(table.row(0)).toEqual({
      atMs: 1_500,
      inputTokens: 7,
      outputTokens: 3,
      region: undefined,
      model: undefined,
      tenant: 'a,b',
      prefixBlocks: undefined,
    });
    expect([...table.order()]).toEqual([1, 0]);
  });

  it('is refused with all that is wrong at once', async () => {
    const told = await read(
      'when,in,out,who',
      '1,2,3,a',
      'soon,2,3,a',
      '1,-2,x,a',
      '1,2,3',
      '"1,2,3,a',
    ).catch((error: Error) => error.message.split('\n'));
    expect(told).toEqual([
      'last-week.csv:3: when: got "soon", want a number of s',
      'last-week.csv:4: in: got "-2", want a whole number of tokens, 0 or more',
      'last-week.csv:4: out: got "x", want a whole number of tokens, 0 or more',
      'last-week.csv:5: got "1,2,3", want 4 fields as in the heading, not 3',
      'last-week.csv:6: got "\\"1,2,3,a", want every quote closed on its own line',
    ]);
  });

  it('is refused without a column that the mapping names, once', async () => {
    const told = await read('when,in', '1,2', '2,3').catch((error: Error) => error.message.split('\n'));
    expect(told).toEqual([
      'last-week.csv:1: got "when,in", want a column "out"',
      'last-week.csv:1: got "when,in", want a column "who"',
    ]);
  });

  it('is refused when it is empty', async () => {
    await expect(read()).rejects.toThrow('last-week.csv:1: got "", want a heading and at least one request');
    await expect(read('when,in,out,who')).rejects.toThrow('at least one request below the heading');
  });

  it('is read as Azure publishes it', async () => {
    const lines = [
      'TIMESTAMP,ContextTokens,GeneratedTokens',
      '2023-11-16 18:15:46.6805900,374,44',
      '2023-11-16 18:15:50.9951690,396,109',
    ];
    const table = await readCsvTrace(
      { file: 'azure.csv', lines: [lines.slice(0, 2), lines.slice(2)] },
      knownTraces['azure-2023'],
    );
    expect(table.row(1).atMs - table.row(0).atMs).toBe(4_315);
  });
});
