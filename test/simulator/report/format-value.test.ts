import { describe, expect, it } from 'vitest';
import { formatCell, formatInterval, formatValue } from '#simulator/report/format-value.ts';

describe('numbers of a report', () => {
  it.each([
    [0.0421, 'ms', '0.0421 ms'],
    [7.5, 'ms', '7.5 ms'],
    [850, 'ms', '850 ms'],
    [7_964, 'ms', '7.96 s'],
    [141_000, 'ms', '141 s'],
    [7_200_000, 'ms', '2 h'],
    [0, 'run-ms', '0 s'],
    [90 * 60_000, 'run-ms', '1 h 30 min'],
    [86_400_000, 'run-ms', '24 h'],
    [1.5, 'usd', '$1.50'],
    [250, 'usd', '$250'],
    [-0.0421, 'usd', '−$0.0421'],
    [12_345.6, 'usd', '$12,346'],
    [0.1832, 'share', '18.3 %'],
    [-0.011, 'share', '−1.1 %'],
    [1_400_212, 'count', '1.4 M'],
    [12_345, 'count', '12,345'],
    [16.2, 'per-second', '16.2/s'],
    [3.87, 'ratio', '3.87 ×'],
    [-0.000_000_01, 'count', '0'],
    [Number.NaN, 'ms', '–'],
    [Number.NEGATIVE_INFINITY, 'ms', '−∞'],
  ] as const)('write %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('have their interval behind them, with its unit once', () => {
    expect(formatCell({ value: 7_960, unit: 'ms', low: 7_900, high: 8_100 })).toBe('7.96 s (7.9–8.1 s)');
    expect(formatCell({ value: 0.032, unit: 'share', low: -0.011, high: 0.074 })).toBe(
      '3.2 % (−1.1 – 7.4 %)',
    );
    expect(formatInterval({ value: 900, unit: 'ms', low: 800, high: 1_100 })).toBe('800 ms–1.1 s');
    expect(formatCell('words')).toBe('words');
  });

  it('have none where one seed says nothing of another', () => {
    const one = {
      value: 1,
      unit: 'count',
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    } as const;
    expect(formatCell(one)).toBe('1');
  });
});
