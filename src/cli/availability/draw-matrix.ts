import { type CellKind, cellSigns } from '#contract/availability-cells.ts';
import type { RegionColumn } from '#contract/region-columns.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { textWidth } from '../terminal/wrap-text.ts';
import { kindsShown, type MatrixCell, type MatrixRow, type MatrixSection } from './build-matrix.ts';

export interface MatrixDrawing {
  readonly sections: readonly MatrixSection[];
  readonly columns: readonly RegionColumn[];
  readonly width: number;
  readonly paint: Paint;
}

const cellInks: Readonly<Record<CellKind, Ink>> = {
  warm: 'good',
  plain: 'good',
  profile: 'good',
  'global-only': 'accent',
  legacy: 'warn',
  cold: 'warn',
  blocked: 'bad',
  unknown: 'warn',
  'not-offered': 'dim',
};

/** The part of a line that names may take, so that a narrow terminal still shows regions. */
const LABEL_SHARE = 0.45;
const LABEL_INDENT = '  ';
const OTHER_MODELS = 'also listed';

/** The matrix as lines: blocks of as many regions as fit side by side, then the legend. */
export function drawMatrix(drawing: MatrixDrawing): readonly string[] {
  const labelWidth = widthOfLabels(drawing);
  const blocks = splitColumns(drawing.columns, drawing.width - labelWidth - 1);
  return [
    ...blocks.flatMap((columns) => [...drawBlock(drawing, columns, labelWidth), '']),
    ...drawLegend(drawing),
  ];
}

function widthOfLabels({ sections, width }: MatrixDrawing): number {
  const labels = sections.flatMap(({ model, rows }) => [
    model ?? OTHER_MODELS,
    ...rows.map((row) => LABEL_INDENT + labelOf(row)),
  ]);
  const longest = Math.max(...labels.map(textWidth), 10);
  return Math.min(longest, Math.max(20, Math.floor(width * LABEL_SHARE)));
}

const labelOf = (row: MatrixRow): string => (row.dedicated ? `${row.name} (endpoint)` : row.name);

/** Fills a line with columns; a geography that would be cut starts a new line once half of this one is used. */
function splitColumns(columns: readonly RegionColumn[], room: number): readonly (readonly RegionColumn[])[] {
  const blocks: RegionColumn[][] = [];
  let block: RegionColumn[] = [];
  let used = 0;
  columns.forEach((column, index) => {
    const opensGeography = column.geography !== columns[index - 1]?.geography;
    const geographyWidth = columns
      .filter((other) => other.geography === column.geography)
      .reduce((sum, other) => sum + columnWidth(other), 0);
    const cut = opensGeography && used > room / 2 && used + geographyWidth > room;
    if (block.length > 0 && (cut || used + columnWidth(column) > room)) {
      blocks.push(block);
      block = [];
      used = 0;
    }
    block.push(column);
    used += columnWidth(column);
  });
  return block.length === 0 ? blocks : [...blocks, block];
}

const columnWidth = (column: RegionColumn): number => textWidth(column.code) + 1;

function drawBlock(
  { sections, width, paint }: MatrixDrawing,
  columns: readonly RegionColumn[],
  labelWidth: number,
): readonly string[] {
  const margin = ' '.repeat(labelWidth + 1);
  const lines = [
    paint('strong', (margin + geographyLine(columns, width - margin.length)).trimEnd()),
    paint('dim', (margin + columns.map((column) => `${column.code} `).join('')).trimEnd()),
  ];
  for (const { model, rows } of sections) {
    lines.push(model === undefined ? paint('dim', OTHER_MODELS) : paint('strong', model));
    for (const row of rows) {
      if (model === undefined && !columns.some((column) => isOffered(row, column))) continue;
      const label = shorten(LABEL_INDENT + labelOf(row), labelWidth).padEnd(labelWidth);
      lines.push(
        `${label} ${columns.map((column) => drawCell(row.cells.get(column.region), column, paint)).join('')}`.trimEnd(),
      );
    }
  }
  return lines;
}

/** Other models are left out of a block in which no region offers them: it would be a line of dots. */
const isOffered = (row: MatrixRow, column: RegionColumn): boolean =>
  (row.cells.get(column.region)?.kind ?? 'not-offered') !== 'not-offered';

/** Each geography above its first column, cut where the next one begins. */
function geographyLine(columns: readonly RegionColumn[], room: number): string {
  let line = '';
  let at = 0;
  columns.forEach((column, index) => {
    if (column.geography !== columns[index - 1]?.geography) {
      if (textWidth(line) >= at && at > 0) line = `${line.slice(0, at - 2)}… `;
      line = line.padEnd(at) + column.geography;
    }
    at += columnWidth(column);
  });
  return line.slice(0, Math.max(at, room));
}

function drawCell(cell: MatrixCell | undefined, column: RegionColumn, paint: Paint): string {
  const kind = cell?.kind ?? 'not-offered';
  const marks = `${cell?.stale === true && cell.kind !== 'unknown' ? '?' : ''}${cell?.differs === true ? '*' : ''}`;
  return (
    paint(cellInks[kind], cellSigns[kind].symbol + marks) + ' '.repeat(columnWidth(column) - 1 - marks.length)
  );
}

/** Keeps both ends of a name: the family stands at the front, the version at the back. */
function shorten(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const tail = Math.floor((width - 1) / 3);
  return `${characters.slice(0, width - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/** Entries side by side, as many to a line as fit. */
function drawLegend({ sections, width, paint }: MatrixDrawing): readonly string[] {
  const cells = sections.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.values()]));
  const kinds = [...new Set([...kindsShown(sections), 'not-offered' as const])];
  const notes = [
    ...(cells.some((cell) => cell.stale && cell.kind !== 'unknown')
      ? ['? after a symbol: last known, now stale']
      : []),
    ...(cells.some((cell) => cell.differs) ? ['* accounts differ'] : []),
  ];
  const entries = [
    ...kinds.map((kind) => ({
      ...cellSigns[kind],
      ink: cellInks[kind],
      plain: `${cellSigns[kind].symbol} ${cellSigns[kind].meaning}`,
    })),
    ...notes.map((plain) => ({ symbol: '', ink: undefined, meaning: plain, plain })),
  ];
  const lines: string[] = [];
  let used = 0;
  for (const { symbol, ink, meaning, plain } of entries) {
    const text = symbol === '' ? meaning : `${paint(ink, symbol)} ${meaning}`;
    const fits = lines.length > 0 && used + LEGEND_GAP.length + textWidth(plain) <= width;
    if (fits) lines[lines.length - 1] += LEGEND_GAP + text;
    else lines.push(text);
    used = (fits ? used + LEGEND_GAP.length : 0) + textWidth(plain);
  }
  return lines;
}

const LEGEND_GAP = '   ';
