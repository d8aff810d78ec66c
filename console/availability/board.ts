/** Targets as a board: lines and columns, and what stands where they meet. */
import {
  type AvailabilityTarget,
  type CellKind,
  isUsable,
  kindOfCell,
  kindOfTarget,
} from '#contract/availability-cells.ts';
import { regionColumns, shortRegion } from '#contract/region-columns.ts';
import { providerOf } from './words.ts';

/** What lines are gathered under. By region the columns are accounts, else regions. */
export const groupings = ['provider', 'account', 'region'] as const;

export type Grouping = (typeof groupings)[number];

export interface BoardColumn {
  /** A region, or an account. */
  readonly key: string;
  /** Short enough to stand above a cell. */
  readonly label: string;
  /** What neighbouring columns have in common; empty for nothing. */
  readonly band: string;
}

export interface BoardRow {
  readonly key: string;
  /** A Bedrock model id, or the name of a dedicated endpoint. */
  readonly name: string;
  readonly isEndpoint: boolean;
  /** The logical models that it answers for. */
  readonly models: readonly string[];
  readonly group: string;
  readonly cells: ReadonlyMap<string, readonly AvailabilityTarget[]>;
}

export type BoardLine =
  | { readonly kind: 'group'; readonly key: string; readonly title: string; readonly count: number }
  | { readonly kind: 'row'; readonly key: string; readonly row: BoardRow };

export interface Board {
  readonly grouping: Grouping;
  readonly columns: readonly BoardColumn[];
  readonly lines: readonly BoardLine[];
}

export interface CellMark {
  readonly kind: CellKind;
  /** The last answer about it is missing: the last known good one is shown. */
  readonly stale: boolean;
  /** Accounts disagree; the best is shown. */
  readonly differs: boolean;
}

const DEDICATED = 'Dedicated endpoints';

export const nameOf = (target: AvailabilityTarget): string =>
  target.endpoint ?? target.modelId ?? target.profileId ?? target.id;

const groupOf: Readonly<Record<Grouping, (target: AvailabilityTarget) => string>> = {
  provider: (target) => (target.endpoint === undefined ? providerOf(nameOf(target)) : DEDICATED),
  account: ({ account }) => account,
  region: ({ region }) => region,
};

/** @param places of all that is known there, so that a place without a fitting target is a column too */
export function buildBoard(
  targets: readonly AvailabilityTarget[],
  places: readonly Pick<AvailabilityTarget, 'account' | 'region'>[],
  grouping: Grouping,
): Board {
  const groups = Map.groupBy(targets, groupOf[grouping]);
  const lines = [...groups.keys()].sort(byDedicatedThenName).flatMap((group): BoardLine[] => {
    const rows = rowsOf(groups.get(group) ?? [], group, grouping);
    return [
      { kind: 'group', key: `group ${group}`, title: group, count: rows.length },
      ...rows.map((row): BoardLine => ({ kind: 'row', key: row.key, row })),
    ];
  });
  return { grouping, columns: columnsOf(places, grouping), lines };
}

const byDedicatedThenName = (left: string, right: string): number =>
  Number(right === DEDICATED) - Number(left === DEDICATED) || (left < right ? -1 : 1);

function rowsOf(targets: readonly AvailabilityTarget[], group: string, grouping: Grouping): BoardRow[] {
  const columnOf = (target: AvailabilityTarget) => (grouping === 'region' ? target.account : target.region);
  const byName = Map.groupBy(
    targets,
    (target) => `${target.endpoint === undefined ? 'm' : 'e'} ${nameOf(target)}`,
  );
  return [...byName]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, own]) => ({
      key: `${group} ${key}`,
      name: key.slice(2),
      isEndpoint: key.startsWith('e'),
      models: [...new Set(own.flatMap(({ model }) => model ?? []))].sort(),
      group,
      cells: Map.groupBy(own, columnOf),
    }));
}

function columnsOf(
  places: readonly Pick<AvailabilityTarget, 'account' | 'region'>[],
  grouping: Grouping,
): readonly BoardColumn[] {
  if (grouping === 'region') {
    const accounts = [...new Set(places.map(({ account }) => account))].sort();
    return accounts.map((account) => ({ key: account, label: account, band: '' }));
  }
  return regionColumns(places.map(({ region }) => region)).map(({ region, geography }) => ({
    key: region,
    label: shortRegion(region),
    band: geography,
  }));
}

const absent: CellMark = { kind: 'not-offered', stale: false, differs: false };
const marks = new WeakMap<readonly AvailabilityTarget[], CellMark>();

/** What a cell shows: the best that any of its targets offers. Judged once for each list of targets. */
export function markOf(targets: readonly AvailabilityTarget[] | undefined): CellMark {
  if (targets === undefined) return absent;
  const known = marks.get(targets);
  if (known !== undefined) return known;
  const kind = kindOfCell(targets);
  const shown = targets.filter((target) => kindOfTarget(target) === kind);
  const perAccount = [...Map.groupBy(targets, ({ account }) => account).values()].map(kindOfCell);
  const mark = {
    kind,
    stale: shown.length > 0 && shown.every(({ stale }) => stale),
    differs: new Set(perAccount).size > 1,
  };
  marks.set(targets, mark);
  return mark;
}

/** Whether somebody, or time, could change something about it. */
export const isGap = ({ kind }: CellMark): boolean => !isUsable(kind) && kind !== 'not-offered';
