import { describe, expect, it } from 'vitest';
import { pictureValues } from '#simulator/report/picture-values.ts';
import { aReport } from '#test/builders/a-report.ts';

describe('what a picture shows, in numbers', () => {
  const pictures = aReport.sections.filter((section) => section.kind !== 'table');

  it('are quantiles of a cumulative curve', () => {
    const points = Array.from({ length: 1_000 }, (_, index) => [index + 1, (index + 1) / 1_000] as const);
    const [curve] = pictures;
    const told = curve && pictureValues({ ...curve, series: [{ name: 'A', points }] });
    expect(told?.columns).toEqual(['', 'P50', 'P90', 'P95', 'P99', 'P99.9']);
    expect(told?.rows).toEqual([['A', '500 ms', '900 ms', '950 ms', '990 ms', '999 ms']]);
  });

  it('are those at some places of a line, the same for all lines', () => {
    for (const picture of pictures.slice(1)) {
      const { columns, rows } = pictureValues(picture);
      expect(columns).toHaveLength(picture.series.length + 1);
      expect(rows.length).toBeGreaterThan(20);
      expect(rows.length).toBeLessThanOrEqual(25);
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
  });
});
