import type { Ink, Paint } from './paint.ts';
import { textWidth, wrapText } from './wrap-text.ts';

/** One field of a table; a string is a field without ink. */
type Cell = string | { readonly text: string; readonly ink?: Ink | undefined };

interface Column {
  readonly heading: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
  /** The fewest columns it may shrink to when the terminal is narrow. Without it the column never shrinks. */
  readonly widthMin?: number;
}

/** The fields of a row, and a line of its own below them for what is too long for a column. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly below?: Cell | undefined;
}

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** Spaces before each line. @default 0 */
  readonly indent?: number;
}

const GAP = '  ';

/** Lines of a table without rules: a dim heading, then the rows. A column that had to shrink wraps its fields. */
export function renderTable(options: TableOptions): readonly string[] {
  const { columns, rows, paint } = options;
  const indent = options.indent ?? 0;
  const widths = columnWidths(options, options.width - indent);
  const headings: Row = { cells: columns.map((column) => ({ text: column.heading, ink: 'dim' })) };
  const shown = columns.some((column) => column.heading !== '') ? [headings, ...rows] : rows;
  const margin = ' '.repeat(indent);
  const belowMargin = ' '.repeat(indent + (widths[0] ?? 0) + GAP.length);
  return shown.flatMap(({ cells: row, below }) => {
    const wrapped = widths.map((width, index) => wrapText(cellText(row[index] ?? ''), width));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    const lines = Array.from({ length: height }, (_, lineIndex) => {
      const fields = widths.map((width, index) => {
        const text = wrapped[index]?.[lineIndex] ?? '';
        const padding = ' '.repeat(Math.max(0, width - textWidth(text)));
        const painted = paint(cellInk(row[index] ?? ''), text);
        return columns[index]?.align === 'right' ? padding + painted : painted + padding;
      });
      return `${margin}${fields.join(GAP)}`.trimEnd();
    });
    return below === undefined ? lines : [...lines, belowMargin + paint(cellInk(below), cellText(below))];
  });
}

function columnWidths(options: TableOptions, room: number): readonly number[] {
  const { columns, rows } = options;
  const widths = columns.map((column, index) =>
    Math.max(textWidth(column.heading), 1, ...rows.map((row) => textWidth(cellText(row.cells[index] ?? '')))),
  );
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - room;
  while (excess > 0) {
    const widest = widestShrinkable(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
    excess -= 1;
  }
  return widths;
}

function widestShrinkable(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let best: number | undefined;
  columns.forEach((column, index) => {
    const width = widths[index] ?? 0;
    if (column.widthMin === undefined || width <= column.widthMin) return;
    if (best === undefined || width > (widths[best] ?? 0)) best = index;
  });
  return best;
}

const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);
const cellInk = (cell: Cell): Ink | undefined => (typeof cell === 'string' ? undefined : cell.ink);
