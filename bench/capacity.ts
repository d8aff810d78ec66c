/**
 * What it costs to share slots between processes, and how much of a limit is in use.
 *
 *     node bench/capacity.ts             half a minute
 *     node bench/capacity.ts --quick     a first look; too short for a verdict
 *     node bench/capacity.ts --json      the figures for programs
 *
 * Exits with 1 when a figure is over its budget.
 */
import { parseArgs } from 'node:util';
import budgetFile from './budgets.json' with { type: 'json' };
import { measureBlocks } from './capacity/block-writes.ts';
import { measureEngine } from './capacity/engine-latency.ts';
import { measureMemory } from './capacity/memory-admissions.ts';
import { measurePages } from './capacity/page-writes.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const { capacity: budgets } = budgetFile;

interface Line {
  readonly what: string;
  readonly figure: number;
  /** Undefined where the figure is shown and not judged. */
  readonly limit?: number;
  readonly bound?: 'at least' | 'at most';
}

const SLOTS = 192;
const seconds = values.quick ? 60 : 600;
const lines: Line[] = [
  ...(await pageLines()),
  ...(await blockLines()),
  ...memoryLines(),
  ...(await engineLines()),
];
const isOver = ({ figure, limit, bound }: Line): boolean =>
  limit !== undefined && !(bound === 'at least' ? figure >= limit : figure <= limit);

if (values.json) console.log(JSON.stringify({ slots: SLOTS, seconds, lines }, undefined, 2));
else for (const line of lines) console.log(printed(line));
process.exitCode = lines.some(isOver) ? 1 : 0;

/** Renewals count among the writes where calls last by chance and some outlive fourteen seconds. */
async function pageLines(): Promise<Line[]> {
  const found: Line[] = [];
  for (const lasting of ['even', 'exponential'] as const) {
    for (const [load, limit] of [
      [0.7, budgets.pageWritesAt70Max],
      [0.9, budgets.pageWritesAt90Max],
      [1.25, budgets.pageWritesAt125Max],
    ] as const) {
      const cost = await measurePages({ slots: SLOTS, load, seconds, seed: 20261121, lasting });
      const calls = lasting === 'even' ? '2 to 8 s' : '5 s, exponential, with renewals';
      const name = `pages at ${load} load, calls of ${calls}`;
      const figure = cost.writesPerAdmitted;
      found.push({
        what: `${name}: writes per admitted`,
        figure,
        limit,
        bound: 'at most',
      });
      found.push({
        what: `${name}: share of the limit in use`,
        figure: cost.use,
        ...(load > 1 ? { limit: budgets.pageUseAt125Min, bound: 'at least' } : {}),
      });
    }
  }
  return found;
}

async function blockLines(): Promise<Line[]> {
  const found: Line[] = [];
  const loads = [
    { load: 0.7, writesMax: budgets.blockWritesAt70Max },
    { load: 1.5, writesMax: budgets.blockWritesAt150Max, useMin: budgets.blockUseAt150Min },
  ];
  for (const { load, writesMax, useMin, safeShare } of [
    ...loads,
    ...loads.map((each) => ({ ...each, safeShare: 0.25 })),
  ] as readonly ((typeof loads)[number] & { readonly safeShare?: number })[]) {
    const run = { slots: SLOTS, processes: 8, load, seconds, seed: 20261121 };
    const cost = await measureBlocks(safeShare === undefined ? run : { ...run, safeShare });
    const aside = safeShare === undefined ? '' : `, ${safeShare} set aside`;
    const name = `blocks of 8 processes at ${load} load, calls of 5 s, exponential${aside}`;
    found.push(
      {
        what: `${name}: writes per admitted`,
        figure: cost.writesPerAdmitted,
        limit: writesMax,
        bound: 'at most',
      },
      {
        what: `${name}: share of the limit in use`,
        figure: cost.use,
        ...(useMin === undefined ? {} : { limit: useMin, bound: 'at least' }),
      },
    );
  }
  return found;
}

function memoryLines(): Line[] {
  const rates = measureMemory(values.quick ? 300 : 2_000);
  return [
    {
      what: 'memory: admissions and releases a processor second',
      figure: rates.admissionsPerSecond,
    },
    {
      what: 'memory: with a decision over 40 candidates and its trail',
      figure: rates.decisionsWithAdmissionPerSecond,
      limit: budgets.decisionsWithAdmissionPerSecondMin,
      bound: 'at least',
    },
    {
      what: 'memory: the same, and every row of its scores is read',
      figure: rates.explainedDecisionsPerSecond,
    },
  ];
}

async function engineLines(): Promise<Line[]> {
  const { p50Ms, p99Ms, leases, timesAway } = await measureEngine(values.quick ? 200 : 1_500);
  return [
    { what: `local DynamoDB: a lease taken and given back, p50 of ${leases}, ms`, figure: p50Ms },
    { what: `local DynamoDB: a lease taken and given back, p99 of ${leases}, ms`, figure: p99Ms },
    {
      what: 'local DynamoDB: times that the ledger waited for it in vain, not among them',
      figure: timesAway,
    },
  ];
}

function printed(line: Line): string {
  const { what, figure, limit, bound } = line;
  const shown = figure >= 1_000 ? Math.round(figure).toLocaleString('en') : figure.toFixed(3);
  const verdict = limit === undefined ? '' : `${isOver(line) ? 'OVER ' : 'within'} ${bound} ${limit}`;
  return `${what.padEnd(84)} ${shown.padStart(10)}  ${verdict}`;
}
