import type { TraceLines } from './read-csv-trace.ts';
import { TraceProblems } from './trace-problems.ts';
import { type TraceRow, TraceTable } from './trace-table.ts';

/** Tokens of one of Mooncake's prefix blocks. */
export const MOONCAKE_BLOCK_TOKENS = 512;

/** All that Mooncake's clock tells: every time is a multiple of it. */
export const MOONCAKE_TICK_MS = 3_000;

const WANT =
  '{"timestamp": ms, "input_length": tokens, "output_length": tokens, "hash_ids": [whole numbers]}, one object a line';

/**
 * Reads the traces of kvcache-ai/Mooncake (FAST '25): one JSON object a line, with the names of each prompt's blocks. Times
 * stay at their ticks; whoever plays the trace spreads them.
 *
 * @throws TraceError with all that is wrong, the first twenty by file, line and value
 */
export async function readMooncakeTrace({ file, lines }: TraceLines): Promise<TraceTable> {
  const table = new TraceTable();
  const problems = new TraceProblems();
  let number = 0;
  for await (const some of lines) {
    for (const line of some) {
      number += 1;
      if (line === '') continue;
      const row = rowOf(line);
      if (row === undefined) problems.add({ file, line: number, got: line, want: WANT });
      else table.add(row);
    }
  }
  if (table.size === 0 && problems.count === 0) problems.add({ file, line: number + 1, got: '', want: WANT });
  problems.throwIfAny();
  return table;
}

function rowOf(line: string): TraceRow | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { timestamp, input_length, output_length, hash_ids } = parsed as Record<string, unknown>;
  if (!isWhole(timestamp) || !isWhole(input_length) || !isWhole(output_length)) return undefined;
  if (!Array.isArray(hash_ids) || !hash_ids.every(isWhole)) return undefined;
  return {
    atMs: timestamp,
    inputTokens: Math.max(1, input_length),
    outputTokens: Math.max(1, output_length),
    prefixBlocks: hash_ids,
  };
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
