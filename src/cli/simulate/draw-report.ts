import { formatCell, formatInterval, formatValue } from '#simulator/report/format-value.ts';
import { pictureValues } from '#simulator/report/picture-values.ts';
import type { Finding, Picture, Report, ReportCell, ReportTable } from '#simulator/report/report.ts';
import { isNumbers } from '#simulator/report/report-table.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { type Row, renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const VERDICTS: Readonly<Record<Finding['verdict'], readonly [string, Ink]>> = {
  holds: ['✓ holds', 'good'],
  fails: ['✗ fails', 'bad'],
  unclear: ['? unclear', 'warn'],
};

/** The same report as the page, as tables: of the pictures the cumulative curves alone, by their quantiles. */
export function drawReport(
  report: Report,
  { width, paint }: { width: number; paint: Paint },
): readonly string[] {
  const basis = report.basis.map(({ label, value }) => `${label} ${formatCell(value)}`).join(' · ');
  const room = { width, paint };
  return [
    paint('strong', report.title),
    ...wrapText(report.question, width),
    ...wrapText(basis, width).map((line) => paint('dim', line)),
    ...drawFindings(report.findings, room),
    ...report.sections.flatMap((section) => drawSection(section, room)),
    '',
    paint('dim', report.command),
  ];
}

interface Room {
  readonly width: number;
  readonly paint: Paint;
}

function drawFindings(findings: readonly Finding[], room: Room): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ verdict, text }) => {
    const [word, ink] = VERDICTS[verdict];
    return { cells: [{ text: word, ink }, text] };
  });
  return ['', ...renderTable({ columns: [{ heading: '' }, { heading: '', widthMin: 20 }], rows, ...room })];
}

function drawSection(section: ReportTable | Picture, room: Room): readonly string[] {
  if (section.kind === 'table') return drawTable(section.title, section, room);
  if (section.kind !== 'steps') return [];
  return drawTable(section.title, pictureValues(section), room);
}

function drawTable(
  title: string,
  {
    columns,
    rows,
  }: { readonly columns: readonly string[]; readonly rows: readonly (readonly ReportCell[])[] },
  room: Room,
): readonly string[] {
  const isRight = columns.map((_, index) => index > 0 && isNumbers(rows.map((row) => row[index] ?? '')));
  const table = renderTable({
    columns: columns.map((heading, index) => ({
      heading,
      align: isRight[index] === true ? 'right' : 'left',
      widthMin: 8,
    })),
    rows: rows.flatMap(drawRow),
    ...room,
  });
  return ['', room.paint('strong', title), ...table];
}

/** The numbers, and below them their intervals. */
function drawRow(row: readonly ReportCell[]): readonly Row[] {
  const intervals = row.map((cell) => (typeof cell === 'string' ? undefined : formatInterval(cell)));
  const numbers = {
    cells: row.map((cell) => (typeof cell === 'string' ? cell : formatValue(cell.value, cell.unit))),
  };
  if (intervals.every((interval) => interval === undefined)) return [numbers];
  return [numbers, { cells: intervals.map((interval) => ({ text: interval ?? '', ink: 'dim' as const })) }];
}
