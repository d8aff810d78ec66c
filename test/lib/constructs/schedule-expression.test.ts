import { describe, expect, it } from 'vitest';
import { scheduleExpression } from '#lib/constructs/schedule-expression.ts';

describe('scheduleExpression', () => {
  it.each([
    [1, 'rate(1 minute)'],
    [60, 'rate(1 minute)'],
    [61, 'cron(0/2 * * * ? *)'],
    [300, 'cron(0/5 * * * ? *)'],
    [420, 'rate(7 minutes)'],
    [3600, 'rate(60 minutes)'],
    [86_400, 'rate(1440 minutes)'],
  ])('spells %i seconds as %s', (everySeconds, expression) => {
    expect(scheduleExpression({ everySeconds })).toBe(expression);
  });

  it('shifts by whole minutes inside the period, the same on every machine', () => {
    const offsets = ['111111111111#us-east-1', '222222222222#eu-west-1', '333333333333#ap-northeast-1'].map(
      (offsetKey) => scheduleExpression({ everySeconds: 1800, offsetKey }),
    );
    expect(new Set(offsets).size).toBe(3);
    expect(scheduleExpression({ everySeconds: 1800, offsetKey: '111111111111#us-east-1' })).toBe(offsets[0]);
    for (const offset of offsets) expect(Number(offset.match(/cron\((\d+)\/30 /)?.[1])).toBeLessThan(30);
  });

  it.each([0, -60, Number.NaN])('rejects a period of %d seconds', (everySeconds) => {
    expect(() => scheduleExpression({ everySeconds })).toThrow(
      `everySeconds must be positive, got ${everySeconds}`,
    );
  });
});
