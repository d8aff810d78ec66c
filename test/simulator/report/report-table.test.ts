import { describe, expect, it } from 'vitest';
import { drawReportTable, isNumbers } from '#simulator/report/report-table.ts';

describe('a table of a report', () => {
  it('heads its columns and its rows, and escapes what it is given', () => {
    const table = drawReportTable(
      'Costs',
      ['Arm', 'Cost'],
      [['<b>', { value: 2, unit: 'usd', low: 1, high: 3 }]],
    );
    expect(table).toContain('<th scope="col">Arm</th><th scope="col">Cost</th>');
    expect(table).toContain(
      '<tr><th scope="row">&lt;b&gt;</th><td>$2<span class="interval">$1–$3</span></td></tr>',
    );
    expect(table).toContain('tabindex="0" role="region" aria-label="Costs"');
  });

  it('knows numbers from words', () => {
    expect(isNumbers([{ value: 1, unit: 'count' }, 'none'])).toBe(true);
    expect(isNumbers(['4.31 s', '–'])).toBe(true);
    expect(isNumbers(['20 min, in one step', '3 s'])).toBe(false);
    expect(isNumbers(['none', 'some'])).toBe(false);
  });
});
