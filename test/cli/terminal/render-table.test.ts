import { describe, expect, it } from 'vitest';
import { colourPaint, plainPaint } from '#cli/terminal/paint.ts';
import { renderTable } from '#cli/terminal/render-table.ts';

const columns = [
  { heading: 'region' },
  { heading: 'price', align: 'right' as const },
  { heading: 'note', widthMin: 8 },
];
const rows = [
  { cells: ['eu-central-1', '3.30', 'the first of several words'] },
  { cells: ['us-east-1', '12.00', 'short'], below: { text: 'a line of its own', ink: 'dim' as const } },
];

describe('renderTable', () => {
  it('aligns columns under their headings and trims the ends of lines', () => {
    expect(renderTable({ columns, rows, width: 80, paint: plainPaint })).toEqual([
      'region        price  note',
      'eu-central-1   3.30  the first of several words',
      'us-east-1     12.00  short',
      '              a line of its own',
    ]);
  });

  it('wraps the columns that may shrink when the terminal is narrow, and no others', () => {
    expect(renderTable({ columns, rows, width: 34, paint: plainPaint, indent: 2 })).toEqual([
      '  region        price  note',
      '  eu-central-1   3.30  the first',
      '                       of several',
      '                       words',
      '  us-east-1     12.00  short',
      '                a line of its own',
    ]);
  });

  it('paints after measuring, so that colour does not shift a column', () => {
    const painted = renderTable({
      columns: [{ heading: '' }, { heading: '' }],
      rows: [{ cells: [{ text: '✗', ink: 'bad' }, 'x'] }],
      width: 80,
      paint: colourPaint,
    });
    expect(painted).toEqual(['\u001b[31m✗\u001b[39m  x']);
  });
});
