import { expect, it } from 'vitest';
import { indexObservations } from '#core/plan/observation-index.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

const reports = [
  regionReport('us-east-1', [plainObservation('us-east-1')], { at: 1_000 }),
  regionReport('us-west-2', [plainObservation('us-west-2')], { at: 500 }),
];
const index = (at: number) => indexObservations({ regions: reports, accounts: [], at, ageMsMax: 600 });

it('finds observations by target and by model', () => {
  expect(index(1_000).byId('111111111111/us-west-2/amazon.nova-lite-v1:0')?.region).toBe('us-west-2');
  expect(index(1_000).byModel('amazon.nova-lite-v1:0')).toHaveLength(2);
  expect(index(1_000).byModel('none')).toEqual([]);
});

it('calls a report fresh up to its age limit, and one that never came not', () => {
  const fresh = (at: number, region: string) => index(at).isFresh('111111111111', region);
  expect(fresh(1_100, 'us-west-2')).toBe(true);
  expect(fresh(1_101, 'us-west-2')).toBe(false);
  expect(fresh(1_101, 'us-east-1')).toBe(true);
  expect(fresh(1_000, 'eu-central-1')).toBe(false);
  expect(index(1_600).anyFresh).toBe(true);
  expect(index(1_601).anyFresh).toBe(false);
});
