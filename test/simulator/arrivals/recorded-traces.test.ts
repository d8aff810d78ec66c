/** The traces as they were recorded, where they lie beside the project. Without them the numbers of their excerpt stand in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traceFileLines } from '#adapters/system/trace-file-lines.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { readAgentSessions, SESSION_BLOCK_TOKENS } from '#simulator/arrivals/agent-sessions.ts';
import { knownTraces } from '#simulator/arrivals/known-traces.ts';
import { readCsvTrace } from '#simulator/arrivals/read-csv-trace.ts';
import {
  MOONCAKE_BLOCK_TOKENS,
  MOONCAKE_TICK_MS,
  readMooncakeTrace,
} from '#simulator/arrivals/read-mooncake-trace.ts';
import { createTraceSource } from '#simulator/arrivals/trace-source.ts';
import { arrivalsOf } from '#test/builders/arrivals-of.ts';
import { momentsOf } from '#test/builders/sample-moments.ts';

const folder =
  process.env.SPILLWAY_TRACES ??
  join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'traces');
const fileOf = (name: string) => ({ file: name, lines: traceFileLines(join(folder, name)) });

describe.skipIf(!existsSync(folder))(`recorded traces (skipped without ${folder} or SPILLWAY_TRACES)`, () => {
  it('Azure 2023: 19,366 conversations, nearly Poisson', async () => {
    const table = await readCsvTrace(fileOf('azure_llm_2023_conv.csv.gz'), knownTraces.offsets);
    expect(table.size).toBe(19_366);
    const play = { region: 'here', model: 'm' };
    const times = arrivalsOf(createTraceSource(table, play, createSeededRandom(1))).map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(momentsOf(gaps).variation).toBeCloseTo(1.094, 2);
  });

  it('Mooncake: 12,031 conversations, Poisson-like once they are spread over their ticks, 36.6 % of blocks seen before', async () => {
    const table = await readMooncakeTrace(fileOf('mooncake_conversation.jsonl.gz'));
    expect(table.size).toBe(12_031);
    const play = { region: 'here', model: 'm', spreadMs: MOONCAKE_TICK_MS };
    const arrivals = arrivalsOf(createTraceSource(table, play, createSeededRandom(1)));
    const gaps = arrivals.slice(1).map(({ atMs }, index) => atMs - (arrivals[index]?.atMs ?? 0));
    expect(momentsOf(gaps).variation).toBeCloseTo(1.01, 1);
    expect(
      arrivals.every(
        ({ inputTokens, prefixBlocks }) =>
          prefixBlocks?.length === Math.ceil(inputTokens / MOONCAKE_BLOCK_TOKENS),
      ),
    ).toBe(true);
    const blocks = arrivals.flatMap(({ prefixBlocks = [] }) => prefixBlocks);
    expect(1 - new Set(blocks).size / blocks.length).toBeCloseTo(0.366, 2);
  });

  it('agents: 710 sessions and 63 sub-agents, 49,334 calls, 96 % of blocks as in the prompt before', async () => {
    const sessions = await readAgentSessions(fileOf('agentic_coding_steps.csv.gz'));
    expect([sessions.size, sessions.calls]).toEqual([773, 49_334]);
    const { steps } = sessions.plan(0);
    for (const { inputTokens, prefixBlocks } of steps)
      expect(prefixBlocks?.()).toHaveLength(Math.floor(inputTokens / SESSION_BLOCK_TOKENS));
  });

  it('a derived day of six regions: 106,744 requests of 176 tenants', async () => {
    const table = await readCsvTrace(fileOf('derived_multiregion_24h.csv.gz'), knownTraces['multi-region']);
    const rows = Array.from({ length: table.size }, (_, index) => table.row(index));
    expect(rows).toHaveLength(106_744);
    expect(new Set(rows.map(({ tenant }) => tenant)).size).toBe(176);
    expect(rows.filter(({ region }) => region === 'eu-west')).toHaveLength(33_300);
  });
});
