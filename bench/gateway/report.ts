/** The figures for people: Markdown tables, as the README shows them. */
import type { BudgetLine } from './budgets.ts';
import type { Row } from './figures.ts';
import type { LambdaCost } from './lambda-cost.ts';
import type { Measured } from './measure.ts';
import type { Figure } from './statistics.ts';
import type { Stretch } from './stretches.ts';

const labels = {
  direct: 'upstream alone',
  bare: 'bare Node proxy',
  signing: 'proxy that parses and signs',
  spillway: 'Spillway',
  portkey: 'Portkey 1.15.2',
} as const;

type Column = readonly [title: string, cell: (row: Row) => string];

const rate: Column = ['requests/s', ({ perSecond }) => shown(perSecond, 0)];
const share: Column = ['of the upstream alone', ({ shareOfDirect }) => `${shown(shareOfDirect, 2)} ×`];
const processor: Column = ['CPU µs a request', (row) => shown(row.processorMicrosPerAnswer, 0)];

const columnsOfThroughput: readonly Column[] = [
  rate,
  share,
  ['p50 ms', ({ latencyP50Ms }) => shown(latencyP50Ms, 1)],
  ['p99 ms', ({ latencyP99Ms }) => shown(latencyP99Ms, 1)],
  processor,
];
const columnsOfLatency: readonly Column[] = [
  ['p50 ms', ({ latencyP50Ms }) => shown(latencyP50Ms, 2)],
  ['p99 ms', ({ latencyP99Ms }) => shown(latencyP99Ms, 2)],
  ['added p50 ms', ({ addedP50Ms }) => shown(addedP50Ms, 2)],
  ['added p99 ms', ({ addedP99Ms }) => shown(addedP99Ms, 2)],
  processor,
];
const columnsOfStreams: readonly Column[] = [
  ['first content p50 ms', ({ firstContentP50Ms }) => shown(firstContentP50Ms, 2)],
  ['added p50 ms', ({ addedFirstContentP50Ms }) => shown(addedFirstContentP50Ms, 2)],
  ['added p99 ms', ({ addedFirstContentP99Ms }) => shown(addedFirstContentP99Ms, 2)],
  ['delta p99 ms', ({ deltaP99Ms }) => shown(deltaP99Ms, 2)],
  ['added delta p99 ms', ({ addedDeltaP99Ms }) => shown(addedDeltaP99Ms, 2)],
  processor,
];

export function tablesOf(
  stretches: readonly Stretch[],
  found: { readonly measured: Measured; readonly rows: readonly Row[]; readonly lambda: LambdaCost },
): string {
  const { measured, rows, lambda } = found;
  const tables = stretches.flatMap((stretch) => [
    `**${stretch.title}**`,
    '',
    ...table(
      columnsOf(stretch, measured),
      rows.filter((row) => row.stretch === stretch.name),
    ),
    '',
  ]);
  const { bundleBytes, importMs, touched } = lambda;
  const doors = touched.length === 0 ? 'no file, socket, name or timer touched' : touched.join('; ');
  return [
    ...tables,
    `Function of the gateway: ${(bundleBytes / 1e6).toFixed(2)} MB minified, loaded in ${shown(importMs, 0)} ms, ${doors}.`,
  ].join('\n');
}

function columnsOf({ name, shape }: Stretch, { idleMiB }: Measured): readonly Column[] {
  if (name === 'streams-held') {
    return [
      ['MiB idle', ({ contender }) => number(idleMiB[contender] ?? Number.NaN, 0)],
      ['MiB at 64 streams', ({ memoryMiB }) => shown(memoryMiB, 0)],
    ];
  }
  if (name === 'stream-open') return columnsOfStreams;
  return 'perSecond' in shape ? columnsOfLatency : columnsOfThroughput;
}

function table(columns: readonly Column[], rows: readonly Row[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...columns.map(([title]) => title)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([labels[row.contender], ...columns.map(([, cell]) => cell(row))])),
  ];
}

export function budgetText(lines: readonly BudgetLine[]): string {
  return lines
    .map(({ what, unit, figure, limit, bound, verdict }) => {
      const digits = unit === 'bytes' ? 0 : 2;
      return `${verdict.padEnd(12)}  ${what}: ${shown(figure, digits)} ${unit}, ${bound} ${limit}`;
    })
    .join('\n');
}

/** The middle of the rounds, with the lowest and the highest. */
function shown({ median, min, max }: Figure, digits: number): string {
  if (Number.isNaN(median)) return '–';
  return min === max
    ? number(median, digits)
    : `${number(median, digits)} (${number(min, digits)}–${number(max, digits)})`;
}

function number(value: number, digits: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}
