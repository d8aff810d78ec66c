/** The board as a grid that draws only what is in sight: tens of thousands of cells scroll like a hundred. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Board } from './board.ts';
import {
  type GridPosition,
  type GridShape,
  isDrawn,
  moveIn,
  scrollTo,
  type Viewport,
  windowOf,
} from './grid-window.ts';
import { MatrixHead, MatrixLine, NAME_PX } from './matrix-line.tsx';

export interface MatrixProps {
  readonly board: Board;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly position: GridPosition;
  readonly onMove: (position: GridPosition) => void;
  /** @param byKey whether the focus should follow */
  readonly onOpen: (position: GridPosition, byKey: boolean) => void;
}

const LINE_PX = 28;
const HEAD_PX = 48;
const HEAD_LEFT_PX = 340;
/** The longest name of a model that is known, and a tag. */
const HEAD_LEFT_PX_MAX = 440;
const COLUMN_PX_MIN = 52;
const NARROW_PX = 600;

export function Matrix({ board, gridRef, position, onMove, onOpen }: MatrixProps) {
  const { view, follow } = useViewport(gridRef);
  const shape = useMemo(() => shapeOf(board, view.width), [board, view.width]);
  const drawn = windowOf(shape, view);
  useInSight({ gridRef, shape, view, position });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') onOpen(position, true);
    else {
      const key = {
        key: event.key,
        isControl: event.ctrlKey || event.metaKey,
        linesPage: pageOf(shape, view),
      };
      const isCell = (line: number): boolean => board.lines[line]?.kind === 'row';
      const next = moveIn(position, key, { ...shape, isCell });
      if (next === undefined) return;
      onMove(next);
    }
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const cell = event.target instanceof Element ? event.target.closest('[role=gridcell]') : null;
    const [, line, column] = cell?.id.split('-').map(Number) ?? [];
    if (line !== undefined && column !== undefined) onOpen({ line, column }, false);
  };
  const lines = Array.from({ length: drawn.endLine - drawn.firstLine }, (_, at) => drawn.firstLine + at);
  // A line that leaves gives its elements to the one that comes, and no other is touched: there are as many all the time.
  const slots = Math.max(1, lines.length);
  return (
    <div
      ref={gridRef}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label="Which model can be called where"
      aria-rowcount={shape.linesCount + 1}
      aria-colcount={shape.columnsCount + 1}
      aria-activedescendant={
        isDrawn(drawn, position) ? `cell-${position.line}-${position.column}` : undefined
      }
      onScroll={follow}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <MatrixHead board={board} shape={shape} drawn={drawn} />
      <div
        role="rowgroup"
        class="grid-body"
        style={{
          width: `${shape.headLeftPx + shape.columnsCount * shape.columnPx}px`,
          height: `${shape.linesCount * LINE_PX}px`,
        }}
      >
        {lines.map((line) => (
          <MatrixLine
            key={line % slots}
            board={board}
            shape={shape}
            line={line}
            firstColumn={drawn.firstColumn}
            endColumn={drawn.endColumn}
            activeColumn={position.line === line ? position.column : -1}
          />
        ))}
      </div>
    </div>
  );
}

function shapeOf(board: Board, width: number): GridShape {
  const columnsCount = board.columns.length;
  const leftPx = width < NARROW_PX ? 168 : HEAD_LEFT_PX;
  const hasNames = board.grouping === 'region' || width - leftPx >= NAME_PX * columnsCount;
  // Room that the columns can spare goes to the names of models: a name cut short may be that of two.
  const spare = width - columnsCount * (hasNames ? NAME_PX : COLUMN_PX_MIN);
  const headLeftPx = width < NARROW_PX ? leftPx : Math.max(leftPx, Math.min(HEAD_LEFT_PX_MAX, spare));
  const room = Math.floor((width - headLeftPx) / Math.max(1, columnsCount));
  const columnPx = hasNames ? NAME_PX : Math.max(COLUMN_PX_MIN, room);
  const lines = { linesCount: board.lines.length, linePx: LINE_PX };
  return { ...lines, columnsCount, columnPx, headLeftPx, headTopPx: HEAD_PX };
}

const pageOf = ({ headTopPx }: GridShape, { height }: Viewport): number =>
  Math.max(1, Math.floor((height - headTopPx) / LINE_PX) - 1);

const unseen: Viewport = { left: 0, top: 0, width: 1200, height: 700 };

/** What of the grid is in sight, at most once a frame. */
function useViewport(gridRef: RefObject<HTMLDivElement | null>) {
  const [view, setView] = useState(unseen);
  const frame = useRef(0);
  const measure = useCallback(() => {
    frame.current = 0;
    const grid = gridRef.current;
    if (grid === null) return;
    setView({
      left: grid.scrollLeft,
      top: grid.scrollTop,
      width: grid.clientWidth,
      height: grid.clientHeight,
    });
  }, [gridRef]);
  const follow = useCallback(() => {
    if (frame.current === 0) frame.current = requestAnimationFrame(measure);
  }, [measure]);
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(follow);
    if (gridRef.current !== null) observer.observe(gridRef.current);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
    };
  }, [gridRef, measure, follow]);
  return { view, follow };
}

/** The cell that was moved to comes into sight; one that scrolls away by itself is let go. */
function useInSight(of: {
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly shape: GridShape;
  readonly view: Viewport;
  readonly position: GridPosition;
}): void {
  const latest = useRef(of);
  latest.current = of;
  const { line, column } = of.position;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const { gridRef, shape, view } = latest.current;
    const wanted = scrollTo(shape, view, { line, column });
    gridRef.current?.scrollTo(wanted.left, wanted.top);
  }, [line, column]);
}
