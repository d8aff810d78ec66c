import { describe, expect, it } from 'vitest';
import { isOneOriginsDoing, mostFrequent } from '#core/health/one-origins-doing.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type HealthEvent, unknownHealth } from '#core/health/target-health.ts';

const start = 1_000_000;
const answered = { goodOrigin: 'b', lastSuccessAt: start, at: start + 1000 };

describe('a row of failures', () => {
  it.each([
    ['of one, while another was answered', ['a', 'a', 'a', 'a', 'a'], answered, true],
    ['of one and a single one of somebody else', ['a', 'a', 'a', 'a', 'b'], answered, true],
    ['of one and two of others', ['a', 'a', 'a', 'a', 'b', 'c'], answered, false],
    ['of two in equal parts', ['a', 'b'], answered, false],
    ['of the only one who was answered', ['b', 'b', 'b', 'b', 'b'], answered, false],
    ['of one, when nobody was answered of late', ['a', 'a'], { ...answered, at: start + 60_001 }, false],
    ['of one, when nobody ever was', ['a', 'a'], { at: start }, false],
    [
      'of the last who was answered, while somebody else was before',
      ['b', 'b'],
      { ...answered, otherGoodAt: start },
      true,
    ],
  ] as const)('%s', (_, failures, answers, is) => {
    expect(isOneOriginsDoing(failures, answers)).toBe(is);
  });

  it('is counted by its most frequent origin', () => {
    expect(mostFrequent(['a', 'b', 'b', 'a', 'b'])).toEqual({ most: 'b', count: 3 });
    expect(mostFrequent([])).toEqual({ most: '', count: 0 });
  });
});

describe('a target', () => {
  const failed = (origin: string, ms: number): HealthEvent => ({
    kind: 'failed',
    severity: 'plain',
    at: start + ms,
    origin,
  });
  const good = (origin: string, ms: number): HealthEvent => ({
    kind: 'answered',
    firstContentMs: 100,
    at: start + ms,
    origin,
  });
  const healthAfter = (events: readonly HealthEvent[]) => events.reduce(stepHealth, unknownHealth);

  it('keeps serving the others when one tenant fails six times of ten', () => {
    const mixed = [0, 1, 2, 3].flatMap((round) => [
      failed('a', round * 3),
      failed('a', round * 3 + 1),
      good('b', round * 3 + 2),
    ]);
    expect(healthAfter(mixed).kind).toBe('healthy');
    expect(healthAfter([...mixed, ...[12, 13, 14, 15, 16].map((ms) => failed('a', ms))]).kind).toBe(
      'healthy',
    );
  });

  it('that fails six times of ten for everybody is out', () => {
    const mixed = [0, 1, 2, 3].flatMap((round) => [
      failed('a', round * 3),
      failed('b', round * 3 + 1),
      good('b', round * 3 + 2),
    ]);
    expect(healthAfter(mixed).kind).toBe('ejected');
  });

  it('that went down is out by the second failure of the others, whoever fell silent first', () => {
    const down = [good('b', 0), ...[1, 2, 3, 4, 5].map((ms) => failed('a', ms))];
    expect(healthAfter(down).kind).toBe('healthy');
    expect(healthAfter([...down, failed('b', 6)]).kind).toBe('healthy');
    expect(healthAfter([...down, failed('b', 6), failed('c', 7)]).kind).toBe('ejected');
  });

  it('that says itself that it can never serve is out for all, whoever asked', () => {
    const fatal: HealthEvent = { kind: 'failed', severity: 'fatal', at: start + 1, origin: 'a' };
    expect(healthAfter([good('b', 0), fatal])).toMatchObject({ kind: 'ejected', because: 'word' });
  });
});
