/** From cells to figures: each compared with another contender's of the same round, then the middle of the rounds. */
import type { ContenderName } from './contenders.ts';
import type { Cell, Measured } from './measure.ts';
import { type Figure, figureOf } from './statistics.ts';
import type { StretchName } from './stretches.ts';

export interface Row {
  readonly stretch: StretchName;
  readonly contender: ContenderName;
  readonly perSecond: Figure;
  /** Of the upstream's own throughput without anything in front. */
  readonly shareOfDirect: Figure;
  readonly latencyP50Ms: Figure;
  readonly latencyP99Ms: Figure;
  readonly addedP50Ms: Figure;
  readonly addedP99Ms: Figure;
  readonly firstContentP50Ms: Figure;
  readonly firstContentP99Ms: Figure;
  readonly addedFirstContentP50Ms: Figure;
  readonly addedFirstContentP99Ms: Figure;
  readonly deltaP99Ms: Figure;
  readonly addedDeltaP99Ms: Figure;
  readonly processorMicrosPerAnswer: Figure;
  readonly memoryMiB: Figure;
}

type PickValue = (cell: Cell) => number;

const picks = {
  perSecond: (cell) => cell.load.perSecond,
  p50: (cell) => cell.load.latency.p50,
  p99: (cell) => cell.load.latency.p99,
  first50: (cell) => cell.load.firstContent.p50,
  first99: (cell) => cell.load.firstContent.p99,
  delta99: (cell) => cell.load.delta.p99,
} as const satisfies Record<string, PickValue>;

export function rowsOf({ cells }: Measured): readonly Row[] {
  const names = new Map(cells.map((cell) => [`${cell.stretch} ${cell.contender}`, cell]));
  return [...names.values()].map(({ stretch, contender }) => rowOf(cells, stretch, contender));
}

function rowOf(cells: readonly Cell[], stretch: StretchName, contender: ContenderName): Row {
  const own = cellsOf(cells, stretch, contender);
  const plain = (pick: PickValue) => figureOf(own.map(pick));
  const added = (pick: PickValue) => differenceOf(cells, stretch, { contender, pick });
  return {
    stretch,
    contender,
    perSecond: plain(picks.perSecond),
    shareOfDirect: ratioOf(cells, stretch, { contender, to: 'direct' }),
    latencyP50Ms: plain(picks.p50),
    latencyP99Ms: plain(picks.p99),
    addedP50Ms: added(picks.p50),
    addedP99Ms: added(picks.p99),
    firstContentP50Ms: plain(picks.first50),
    firstContentP99Ms: plain(picks.first99),
    addedFirstContentP50Ms: added(picks.first50),
    addedFirstContentP99Ms: added(picks.first99),
    deltaP99Ms: plain(picks.delta99),
    addedDeltaP99Ms: added(picks.delta99),
    processorMicrosPerAnswer: plain((cell) => cell.processorMicrosPerAnswer),
    memoryMiB: plain((cell) => cell.memoryMiB),
  };
}

interface Pair {
  readonly contender: ContenderName;
  readonly to: ContenderName;
}

/** One contender's throughput ÷ another's, round by round. No values where either did not run. */
export function ratioOf(cells: readonly Cell[], stretch: StretchName, pair: Pair): Figure {
  return paired(cells, stretch, {
    ...pair,
    compare: (one, other) => one.load.perSecond / other.load.perSecond,
  });
}

function differenceOf(
  cells: readonly Cell[],
  stretch: StretchName,
  { contender, pick }: { readonly contender: ContenderName; readonly pick: PickValue },
): Figure {
  const compare = (one: Cell, other: Cell) => pick(one) - pick(other);
  return paired(cells, stretch, { contender, to: 'direct', compare });
}

function paired(
  cells: readonly Cell[],
  stretch: StretchName,
  { contender, to, compare }: Pair & { readonly compare: (one: Cell, other: Cell) => number },
): Figure {
  const others = new Map(cellsOf(cells, stretch, to).map((cell) => [cell.round, cell]));
  const values = cellsOf(cells, stretch, contender).flatMap((cell) => {
    const rival = others.get(cell.round);
    return rival === undefined ? [] : [compare(cell, rival)];
  });
  return figureOf(values);
}

function cellsOf(cells: readonly Cell[], stretch: StretchName, contender: ContenderName): readonly Cell[] {
  return cells.filter((cell) => cell.stretch === stretch && cell.contender === contender);
}
