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
  const held = row('streams-held');
  const atMost = (what: string, unit: BudgetLine['unit'], figure: Figure | undefined) => ({
    limit: (limit: number) => line({ what, unit, figure: figure ?? figureOf([]), limit, bound: 'at most' }),
  });
  return [
    ...throughputs(measured, 'portkey', budgets.throughputOfPortkeyMin),
    ...throughputs(measured, 'bare', budgets.throughputOfBareProxyMin),
    ...throughputs(measured, 'signing', budgets.throughputOfSigningProxyMin),
    atMost('added latency p50 at 300/s', 'ms', open?.addedP50Ms).limit(budgets.addedLatencyP50MsMax),
    atMost('added latency p99 at 300/s', 'ms', open?.addedP99Ms).limit(budgets.addedLatencyP99MsMax),
    atMost('added first content p50 at 300/s', 'ms', streamed?.addedFirstContentP50Ms).limit(
      budgets.addedFirstContentP50MsMax,
    ),
    atMost('added p99 of a delta at 300/s', 'ms', streamed?.addedDeltaP99Ms).limit(
      budgets.addedDeltaP99MsMax,
    ),
    atMost('memory at 64 streams', 'MiB', held?.memoryMiB).limit(budgets.memoryAt64StreamsMiBMax),
    atMost('function bundle', 'bytes', figureOf([lambda.bundleBytes])).limit(budgets.bundleBytesMax),
    atMost('function import', 'ms', lambda.importMs).limit(budgets.importMsMax),
  ];
}

/** Streams are shown and not bounded: there the proxies pass through what Spillway must translate delta by delta. */
function throughputs(measured: Measured, to: ContenderName, limit: number): readonly BudgetLine[] {
  const ran = new Set(measured.cells.map(({ stretch }) => stretch));
  return (['plain-16', 'plain-64'] as const)
    .filter((stretch) => ran.has(stretch))
    .map((stretch) =>
      line({
        what: `throughput of ${to}'s, ${stretch}`,
        unit: '×',
        figure: ratioOf(measured.cells, stretch, { contender: 'spillway', to }),
        limit,
        bound: 'at least',
      }),
    );
}

function line(given: Omit<BudgetLine, 'verdict'>): BudgetLine {
  const { figure, limit, bound } = given;
  const isWithin = bound === 'at most' ? figure.median <= limit : figure.median >= limit;
  const verdict = Number.isNaN(figure.median) ? 'not measured' : isWithin ? 'within' : 'OVER';
  return { ...given, verdict };
}
