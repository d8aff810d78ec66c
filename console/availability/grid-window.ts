/** Which lines and columns of a large grid are to be drawn, and where the keys lead. */

export interface GridShape {
  readonly linesCount: number;
  readonly columnsCount: number;
  readonly linePx: number;
  readonly columnPx: number;
  /** What stands before the columns and above the lines, and does not scroll away. */
  readonly headLeftPx: number;
  readonly headTopPx: number;
}

export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface GridWindow {
  readonly firstLine: number;
  /** Behind the last. */
  readonly endLine: number;
  readonly firstColumn: number;
  readonly endColumn: number;
}

export interface GridPosition {
  readonly line: number;
  readonly column: number;
}

/** Lines beyond the edge, so that scrolling finds them drawn. */
const LINES_BEYOND = 6;
/** Columns come and go in blocks: a line is drawn anew less often. */
const COLUMNS_BLOCK = 8;

/** As many lines wherever it stands, as far as there are so many: whoever draws them may keep their elements. */
export function windowOf(shape: GridShape, view: Viewport): GridWindow {
  const { linesCount, columnsCount, linePx, columnPx, headLeftPx, headTopPx } = shape;
  const linesHeight = Math.max(0, view.height - headTopPx);
  const columnsWidth = Math.max(0, view.width - headLeftPx);
  const firstColumn = Math.floor(view.left / columnPx / COLUMNS_BLOCK) * COLUMNS_BLOCK;
  const lastColumn = Math.ceil((view.left + columnsWidth) / columnPx / COLUMNS_BLOCK) * COLUMNS_BLOCK;
  // A part of a line may show at either end.
  const linesDrawn = Math.min(linesCount, Math.ceil(linesHeight / linePx) + 1 + 2 * LINES_BEYOND);
  const firstLine = clamp(Math.floor(view.top / linePx) - LINES_BEYOND, 0, linesCount - linesDrawn);
  return {
    firstLine,
    endLine: firstLine + linesDrawn,
    firstColumn: clamp(firstColumn, 0, columnsCount),
    endColumn: clamp(lastColumn, 0, columnsCount),
  };
}

export const isDrawn = (drawn: GridWindow, { line, column }: GridPosition): boolean =>
  line >= drawn.firstLine && line < drawn.endLine && column >= drawn.firstColumn && column < drawn.endColumn;

/** Where to scroll to, so that a cell stands in sight; as little as it takes. */
export function scrollTo(
  { linePx, columnPx, headLeftPx, headTopPx }: GridShape,
  view: Viewport,
  { line, column }: GridPosition,
): { readonly left: number; readonly top: number } {
  return {
    top: nearest(view.top, line * linePx, linePx - (view.height - headTopPx)),
    left: nearest(view.left, column * columnPx, columnPx - (view.width - headLeftPx)),
  };
}

const nearest = (now: number, start: number, room: number): number =>
  Math.max(0, Math.min(start, Math.max(now, start + room)));

/**
 * Where a key leads, as the grid pattern of WAI-ARIA has it; undefined for a key that leads nowhere.
 *
 * @param isCell whether a line has cells; others are passed over
 */
export function moveIn(
  { line, column }: GridPosition,
  {
    key,
    isControl,
    linesPage,
  }: { readonly key: string; readonly isControl: boolean; readonly linesPage: number },
  {
    linesCount,
    columnsCount,
    isCell,
  }: Pick<GridShape, 'linesCount' | 'columnsCount'> & {
    readonly isCell: (line: number) => boolean;
  },
): GridPosition | undefined {
  const last = columnsCount - 1;
  const lineAt = (wanted: number, step: 1 | -1): number => {
    for (let at = clamp(wanted, 0, linesCount - 1); at >= 0 && at < linesCount; at += step)
      if (isCell(at)) return at;
    return line;
  };
  switch (key) {
    case 'ArrowLeft':
      return { line, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { line, column: Math.min(last, column + 1) };
    case 'ArrowUp':
      return { line: line === 0 ? line : lineAt(line - 1, -1), column };
    case 'ArrowDown':
      return { line: line >= linesCount - 1 ? line : lineAt(line + 1, 1), column };
    case 'PageUp':
      return { line: lineAt(line - linesPage, 1), column };
    case 'PageDown':
      return { line: lineAt(line + linesPage, -1), column };
    case 'Home':
      return { line: isControl ? lineAt(0, 1) : line, column: 0 };
    case 'End':
      return { line: isControl ? lineAt(linesCount - 1, -1) : line, column: last };
    default:
      return undefined;
  }
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value));
