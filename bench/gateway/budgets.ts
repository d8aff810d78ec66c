/** The figures against `bench/budgets.json`. The middle of the rounds is what counts; the spread stands beside it. */
import budgetFile from '../budgets.json' with { type: 'json' };
import type { ContenderName } from './contenders.ts';
import { type Row, ratioOf } from './figures.ts';
import type { LambdaCost } from './lambda-cost.ts';
import type { Measured } from './measure.ts';
import { type Figure, figureOf } from './statistics.ts';
import type { StretchName } from './stretches.ts';

const { gateway: budgets } = budgetFile;

export interface BudgetLine {
  readonly what: string;
  readonly unit: '×' | 'ms' | 'MiB' | 'bytes';
  readonly figure: Figure;
  readonly limit: number;
  readonly bound: 'at least' | 'at most';
  readonly verdict: 'within' | 'OVER' | 'not measured';
}

export function judgeBudgets(found: {
  readonly measured: Measured;
  readonly rows: readonly Row[];
  readonly lambda: LambdaCost;
}): readonly BudgetLine[] {
  const { measured, rows, lambda } = found;
  const row = (stretch: StretchName) =>
    rows.find((one) => one.stretch === stretch && one.contender === 'spillway');
  const open = row('plain-open');
  const streamed = row('stream-open');
  const cap = line('at most');
  return [
    ...throughputs(measured, 'portkey', budgets.throughputOfPortkeyMin),
    ...throughputs(measured, 'bare', budgets.throughputOfBareProxyMin),
    ...throughputs(measured, 'signing', budgets.throughputOfSigningProxyMin),
    cap('added latency p50 at 300/s', 'ms', open?.addedP50Ms, budgets.addedLatencyP50MsMax),
    cap('added latency p99 at 300/s', 'ms', open?.addedP99Ms, budgets.addedLatencyP99MsMax),
    cap(
      'added time to first content p50 at 300/s',
      'ms',
      streamed?.addedFirstContentP50Ms,
      budgets.addedFirstContentP50MsMax,
    ),
    cap('added p99 of a delta at 300/s', 'ms', streamed?.addedDeltaP99Ms, budgets.addedDeltaP99MsMax),
    cap('memory at 64 streams', 'MiB', row('streams-held')?.memoryMiB, budgets.memoryAt64StreamsMiBMax),
    cap('function bundle, minified', 'bytes', figureOf([lambda.bundleBytes]), budgets.bundleBytesMax),
    cap('function import', 'ms', lambda.importMs, budgets.importMsMax),
  ];
}

/** Streams are shown and not bounded: there the proxies pass through what Spillway must translate delta by delta. */
function throughputs(measured: Measured, to: ContenderName, limit: number): readonly BudgetLine[] {
  const ran = new Set(measured.cells.map(({ stretch }) => stretch));
  return (['plain-16', 'plain-64'] as const)
    .filter((stretch) => ran.has(stretch))
    .map((stretch) =>
      line('at least')(
        `throughput of ${to}'s, ${stretch}`,
        '×',
        ratioOf(measured.cells, stretch, { contender: 'spillway', to }),
        limit,
      ),
    );
}

function line(bound: BudgetLine['bound']) {
  return (what: string, unit: BudgetLine['unit'], figure: Figure | undefined, limit: number): BudgetLine => {
    const shown = figure ?? figureOf([]);
    const { median } = shown;
    const isWithin = bound === 'at most' ? median <= limit : median >= limit;
    const verdict = Number.isNaN(median) ? 'not measured' : isWithin ? 'within' : 'OVER';
    return { what, unit, figure: shown, limit, bound, verdict };
  };
}
