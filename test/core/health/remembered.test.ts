import { expect, it } from 'vitest';
import { remembered } from '#core/health/remembered.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type HealthEvent, unknownHealth } from '#core/health/target-health.ts';

it('is everything but what only one state has', () => {
  const events: readonly HealthEvent[] = [
    { kind: 'answered', at: 1, firstContentMs: 5, origin: 'a' },
    { kind: 'answered', at: 2, firstContentMs: 7, origin: 'b', calledAt: 1 },
    { kind: 'failed', at: 3, severity: 'fatal' },
  ];
  const ejected = { ...events.reduce(stepHealth, unknownHealth), episode: 3 };
  expect(remembered(ejected)).toEqual({
    pace: [5, 7],
    typicalFirstContentMs: 7,
    ejections: 1,
    ejectedAt: 3,
    lastFailureAt: 3,
    lastSuccessAt: 2,
    goodOrigin: 'b',
    otherGoodAt: 1,
    goodCallAt: 1,
    otherTenantGood: { origin: 'a', at: 1, calledAt: 1 },
    episode: 3,
  });
});
