import { useMemo, useRef, useState } from 'preact/hooks';
import {
  type AvailabilityTarget,
  type CellKind,
  cellKinds,
  cellSigns,
} from '#contract/availability-cells.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { hashQuery, replaceHashQuery } from '../shell/use-hash.ts';
import { type Board, type BoardLine, buildBoard } from './board.ts';
import { Changes } from './changes.tsx';
import { Downloads } from './downloads.tsx';
import { type AskedCell, explainCell } from './explain-cell.ts';
import { Explanation, GapList } from './explanation.tsx';
import {
  type BoardFilter,
  filterFrom,
  filterTargets,
  fitsPlace,
  onlyGaps,
  queryOf,
} from './filter-targets.ts';
import { Filters } from './filters.tsx';
import type { GridPosition } from './grid-window.ts';
import { Matrix } from './matrix.tsx';
import { type GapSummary, summarizeGaps } from './summarize-gaps.ts';

interface BoardViewProps {
  readonly api: ConsoleApi;
  readonly targets: readonly AvailabilityTarget[];
  readonly now: number;
}

export function BoardView({ api, targets, now }: BoardViewProps) {
  const [filter, setFilter] = useFilter();
  const places = useMemo(() => placesOf(targets), [targets]);
  // The clock moves what changed in the last day; nothing else waits for it.
  const until = filter.show === 'day' || filter.show === 'week' ? now : 0;
  const shown = useMemo(() => filterTargets(targets, filter, until), [targets, filter, until]);
  const board = useMemo(() => boardOf(shown, places, filter), [shown, places, filter]);
  const gaps = useMemo(() => summarizeGaps(shown), [shown]);
  const [position, setPosition] = useState<GridPosition>({ line: 1, column: 0 });
  const [asked, setAsked] = useState<AskedCell>();
  const gridRef = useRef<HTMLDivElement>(null);
  const titleRef = useRef<HTMLHeadingElement>(null);
  const explanation = useMemo(
    () => (asked === undefined ? undefined : explainCell(targets, places, asked)),
    [targets, places, asked],
  );
  const open = (next: GridPosition, byKey: boolean): void => {
    setPosition(next);
    setAsked(cellAt(board, next));
    // After the explanation is drawn.
    if (byKey) setTimeout(() => titleRef.current?.focus());
    else setTimeout(() => titleRef.current?.scrollIntoView({ block: 'nearest' }));
  };
  const show = ({ name, region, account }: GapSummary['example']): void => {
    const next = positionOf(board, { name, region, account });
    if (next !== undefined) setPosition(next);
    setAsked({ name, region, account });
    setTimeout(() => titleRef.current?.focus());
  };
  const close = (): void => {
    setAsked(undefined);
    gridRef.current?.focus();
  };
  return (
    <div class="board">
      <Filters
        filter={filter}
        regions={distinct(places.map(({ region }) => region))}
        accounts={distinct(places.map(({ account }) => account))}
        onChange={setFilter}
      />
      <div class="board-line">
        <Legend />
        <Downloads targets={shown} />
      </div>
      <div class="board-main">
        {board.lines.length === 0 ? (
          <NothingFits onReset={() => setFilter(filterFrom(new URLSearchParams()))} />
        ) : (
          <Matrix
            board={board}
            gridRef={gridRef}
            position={within(board, position)}
            onMove={setPosition}
            onOpen={open}
          />
        )}
        {explanation === undefined ? (
          <GapList gaps={gaps} onShow={show}>
            <Changes api={api} />
          </GapList>
        ) : (
          <Explanation explanation={explanation} now={now} titleRef={titleRef} onClose={close} />
        )}
      </div>
    </div>
  );
}

function useFilter(): readonly [BoardFilter, (filter: BoardFilter) => void] {
  const [filter, setFilter] = useState(() => filterFrom(hashQuery(window.location.hash)));
  const change = (next: BoardFilter): void => {
    setFilter(next);
    replaceHashQuery('availability', queryOf(next));
  };
  return [filter, change];
}

function boardOf(
  shown: readonly AvailabilityTarget[],
  places: readonly Pick<AvailabilityTarget, 'account' | 'region'>[],
  filter: BoardFilter,
): Board {
  const fitting = places.filter((place) => fitsPlace(place, filter));
  const board = buildBoard(shown, fitting, filter.grouping);
  return filter.show === 'gaps' ? onlyGaps(board) : board;
}

function placesOf(targets: readonly AvailabilityTarget[]) {
  const byPlace = new Map(
    targets.map(({ account, region }) => [`${account}/${region}`, { account, region }]),
  );
  return [...byPlace.values()];
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** A position that a filter took away becomes the nearest that there is. */
function within(board: Board, { line, column }: GridPosition): GridPosition {
  const isRow = (at: number): boolean => board.lines[at]?.kind === 'row';
  const start = Math.min(line, board.lines.length - 1);
  return {
    line: isRow(start) ? start : start + 1,
    column: Math.max(0, Math.min(column, board.columns.length - 1)),
  };
}

function cellAt(board: Board, { line, column }: GridPosition): AskedCell | undefined {
  const drawn = board.lines[line];
  const key = board.columns[column]?.key;
  if (drawn?.kind !== 'row' || key === undefined) return undefined;
  const { name, group } = drawn.row;
  switch (board.grouping) {
    case 'provider':
      return { name, region: key, account: undefined };
    case 'account':
      return { name, region: key, account: group };
    case 'region':
      return { name, region: group, account: key };
  }
}

function positionOf(
  board: Board,
  { name, region, account }: GapSummary['example'],
): GridPosition | undefined {
  const groups = { provider: undefined, account, region };
  const isIt = (line: BoardLine): boolean =>
    line.kind === 'row' &&
    line.row.name === name &&
    (groups[board.grouping] === undefined || line.row.group === groups[board.grouping]);
  const line = board.lines.findIndex(isIt);
  const column = board.columns.findIndex(
    ({ key }) => key === (board.grouping === 'region' ? account : region),
  );
  return line < 0 || column < 0 ? undefined : { line, column };
}

function Legend() {
  return (
    <ul class="legend" aria-label="What the shapes say">
      {cellKinds.map((kind: CellKind) => (
        <li key={kind}>
          <span class={`cell-${kind}`} aria-hidden="true">
            {cellSigns[kind].symbol}
          </span>{' '}
          {cellSigns[kind].meaning}
        </li>
      ))}
      <li>? last known, now stale</li>
      <li>* accounts differ</li>
    </ul>
  );
}

function NothingFits({ onReset }: { readonly onReset: () => void }) {
  return (
    <div class="state" role="status">
      <span class="state-mark" aria-hidden="true">
        ○
      </span>
      <h2>Nothing fits</h2>
      <p>No model that discovery saw fits what you look for.</p>
      <button type="button" onClick={onReset}>
        Show everything
      </button>
    </div>
  );
}
