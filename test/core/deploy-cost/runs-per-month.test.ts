import { describe, expect, it } from 'vitest';
import { runsPerMonth } from '#core/deploy-cost/runs-per-month.ts';

describe('runsPerMonth', () => {
  it.each([
    ['rate(1 minute)', 43_800],
    ['rate(7 minutes)', 6_258],
    ['rate(2 hours)', 365],
    ['rate(1 day)', 31],
    ['cron(0/5 * * * ? *)', 8_760],
    ['cron(7/15 * * * ? *)', 2_920],
    ['cron(0,30 * * * ? *)', 1_460],
    ['cron(0 3 * * ? *)', 31],
    ['cron(0 0/6 * * ? *)', 122],
  ])('%s runs %i times', (expression, runs) => {
    expect(runsPerMonth(expression)).toBe(runs);
  });

  it.each(['', 'rate(0 minutes)', 'rate(1 week)', 'at(2026-11-21T00:00:00)'])(
    'refuses "%s"',
    (expression) => {
      expect(() => runsPerMonth(expression)).toThrow(`schedule ${expression}: want rate`);
    },
  );
});
