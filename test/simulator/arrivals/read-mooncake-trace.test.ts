import { describe, expect, it } from 'vitest';
import { readMooncakeTrace } from '#simulator/arrivals/read-mooncake-trace.ts';

const read = (...lines: string[]) => readMooncakeTrace({ file: 'moon.jsonl', lines: [lines] });

describe('a trace of Mooncake', () => {
  it('has the blocks of each prompt', async () => {
    const table = await read('{"timestamp":3000,"input_length":600,"output_length":0,"hash_ids":[0,14]}', '');
    expect(table.size).toBe(1);
    expect(table.row(0)).toMatchObject({
      atMs: 3_000,
      inputTokens: 600,
      outputTokens: 1,
      prefixBlocks: [0, 14],
    });
  });

  it('is refused with the lines that are not of it', async () => {
    const told = await read(
      '{',
      '[]',
      '{"timestamp":-1,"input_length":6,"output_length":0,"hash_ids":[]}',
    ).catch((error: Error) => error.message.split('\n'));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([expect.stringMatching(/^moon\.jsonl:2: got "\[\]", want {"timestamp"/)]),
    );
    await expect(read()).rejects.toThrow('moon.jsonl:1');
  });
});
