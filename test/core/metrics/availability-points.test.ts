import { expect, it } from 'vitest';
import { availabilityPoints, groupOf } from '#core/metrics/availability-points.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

const lite = 'amazon.nova-lite-v1:0';

it('a run counts its targets by group, and its tracked models one by one', () => {
  const report = regionReport(
    'us-east-1',
    [
      plainObservation('us-east-1'),
      plainObservation('us-east-1', { profileId: `us.${lite}`, scope: 'geo' }),
      plainObservation('us-east-1', { modelId: 'old', state: 'legacy' }),
      plainObservation('us-east-1', { modelId: 'shut', state: 'no-agreement' }),
      plainObservation('us-east-1', { modelId: 'dim', stale: true }),
    ],
    { failures: ['a', 'b'], at: 7 },
  );
  const points = availabilityPoints(report, new Set([lite, 'shut', 'never-seen']));
  const place = { Account: '111111111111', Region: 'us-east-1' };
  expect(points.map(({ name, value, dimensions }) => [name, value, dimensions])).toEqual([
    ['Targets', 2, { ...place, Group: 'usable' }],
    ['Targets', 1, { ...place, Group: 'legacy' }],
    ['Targets', 1, { ...place, Group: 'blocked' }],
    ['Targets', 1, { ...place, Group: 'unknown' }],
    ['ModelAvailability', 2, { ...place, ModelId: lite }],
    ['DiscoveryErrors', 2, place],
  ]);
  expect(points.every((point) => point.at === 7)).toBe(true);
});

it('a stale state is an unknown one', () => {
  expect(groupOf({ state: 'available', stale: true })).toBe('unknown');
  expect(groupOf({ state: 'cold', stale: false })).toBe('blocked');
});
