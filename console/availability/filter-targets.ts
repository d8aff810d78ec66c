/** What of the board is shown: read from the address, and written there, so that a view can be sent to somebody. */
import type { AvailabilityTarget } from '#contract/availability-cells.ts';
import { type Board, type BoardLine, type Grouping, groupings, isGap, markOf } from './board.ts';

const shows = ['everything', 'gaps', 'day', 'week'] as const;

export type Show = (typeof shows)[number];

export interface BoardFilter {
  /** Part of a model's, endpoint's or profile's name; `*` stands for anything. Empty for all. */
  readonly search: string;
  /** Empty for all. */
  readonly region: string;
  readonly account: string;
  /** `gaps`: lines where something could be repaired. `day`, `week`: what changed in the last of it. */
  readonly show: Show;
  readonly grouping: Grouping;
}

export function filterFrom(query: URLSearchParams): BoardFilter {
  const text = (name: string): string => query.get(name) ?? '';
  return {
    search: text('search'),
    region: text('region'),
    account: text('account'),
    show: shows.find((show) => show === query.get('show')) ?? 'everything',
    grouping: groupings.find((grouping) => grouping === query.get('by')) ?? 'provider',
  };
}

export function queryOf({ search, region, account, show, grouping }: BoardFilter): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string, usual: string): void => {
    if (value !== usual) query.set(name, value);
  };
  set('search', search, '');
  set('region', region, '');
  set('account', account, '');
  set('show', show, 'everything');
  set('by', grouping, 'provider');
  return query;
}

const DAY_MS = 86_400_000;
const spans: Readonly<Partial<Record<Show, number>>> = { day: DAY_MS, week: 7 * DAY_MS };

export const fitsPlace = (
  target: Pick<AvailabilityTarget, 'region' | 'account'>,
  { region, account }: BoardFilter,
): boolean => (region === '' || target.region === region) && (account === '' || target.account === account);

/** @param now in milliseconds */
export function filterTargets(
  targets: readonly AvailabilityTarget[],
  filter: BoardFilter,
  now: number,
): readonly AvailabilityTarget[] {
  const spanMs = spans[filter.show];
  const since = spanMs === undefined ? undefined : now - spanMs;
  const isNamed = matcherOf(filter.search);
  return targets.filter(
    (target) =>
      fitsPlace(target, filter) &&
      (since === undefined || Date.parse(target.since) >= since) &&
      [target.modelId, target.profileId, target.endpoint, target.model].some(
        (name) => name !== undefined && isNamed(name),
      ),
  );
}

function matcherOf(search: string): (name: string) => boolean {
  const parts = search.trim().toLowerCase().split(/\*+/);
  if (parts.every((part) => part === '')) return () => true;
  return (name) => {
    let from = 0;
    const lower = name.toLowerCase();
    return parts.every((part) => {
      const at = lower.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  };
}

/** Without lines in which nothing could be repaired, and without groups that have no line left. */
export function onlyGaps(board: Board): Board {
  const rows = board.lines.filter(
    (line) => line.kind === 'row' && [...line.row.cells.values()].some((targets) => isGap(markOf(targets))),
  );
  const counts = Map.groupBy(rows, (line) => (line.kind === 'row' ? line.row.group : ''));
  const lines = [...counts].flatMap(([group, own]): BoardLine[] => [
    { kind: 'group', key: `group ${group}`, title: group, count: own.length },
    ...own,
  ]);
  return { ...board, lines };
}
