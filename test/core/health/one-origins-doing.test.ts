import { describe, expect, it } from 'vitest';
import { isOneOriginsDoing, mostFrequent } from '#core/health/one-origins-doing.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type HealthEvent, unknownHealth } from '#core/health/target-health.ts';

const start = 1_000_000;
const answered = { goodOrigin: 'b', lastSuccessAt: start, at: start + 1000 };
const ofA = { ...answered, goodOrigin: 'a.3', otherGoodAt: start };

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
    ['of two sizes of one tenant, while another was answered', ['a.1', 'a.2'], answered, true],
    ['of two sizes of one tenant, while only a third of it was', ['a.1', 'a.2'], ofA, false],
    ['of one size of the only tenant, while another size was answered', ['a.1', 'a.1'], ofA, true],
    [
      'of two sizes of the last tenant that was answered, while another was before',
      ['a.1', 'a.2'],
      { ...ofA, otherTenantGood: { at: start } },
      true,
    ],
    ['of two tenants of one size', ['a.1', 'b.1'], answered, false],
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

  const slow = (origin: string, ms: number): HealthEvent => ({
    ...{ kind: 'gave-up', waitedMs: 2500 },
    ...{ at: start + ms, origin },
  });

  it('keeps serving the others, however many sizes of prompt one tenant gives up on', () => {
    const sizes = Array.from({ length: 16 }, (_, size) => `evil.${size}`);
    const givenUp = sizes.map((origin, index) => slow(origin, 300 * index + 10));
    for (const before of [[good('shop.1', 0)], [good('shop.1', 0), good('evil.1', 1), good('evil.2', 2)]])
      expect(healthAfter([...before, ...givenUp]).kind).toBe('healthy');
  });

  it('is not worse than its peers for the sizes of one tenant, and is for the same of two tenants', () => {
    const rounds = (other: string) =>
      [0, 1, 2, 3, 4].flatMap((round) => [
        failed('evil.1', round * 3),
        failed(`${other}.2`, round * 3 + 1),
        good('shop.1', round * 3 + 2),
      ]);
    expect(healthAfter(rounds('evil')).kind).toBe('healthy');
    expect(healthAfter(rounds('bank'))).toMatchObject({ kind: 'ejected', because: 'rate' });
  });

  it('is out by two sizes of the only tenant, with no other tenant answered in the last minute', () => {
    const tenant = [good('a.1', 0), slow('a.1', 10), slow('a.2', 20)];
    expect(healthAfter(tenant).kind).toBe('ejected');
    expect(healthAfter([good('b.1', -60_000), ...tenant]).kind).toBe('ejected');
    expect(healthAfter([good('b.1', -30_000), ...tenant]).kind).toBe('healthy');
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
