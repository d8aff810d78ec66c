import { expect, it } from 'vitest';
import { everyMeasuredPlace, measuredPlaces } from '#cli/capacity-plan/measured-places.ts';
import { compileHosting } from '#core/facts/compile-hosting.ts';

const row = { measured: 'apart', promptMs: [[1, 1]], tokenMs: [[1, 1]], source: 'somebody' };
const hosting = compileHosting({
  asOf: '2026-11-21',
  prices: [],
  serviceLevels: [],
  engineSpeeds: [
    { ...row, engine: 'large', instance: 'ml.p5.48xlarge', gpusPerCopy: 8 },
    { ...row, engine: 'large', instance: 'ml.p5.48xlarge', gpusPerCopy: 4 },
    { ...row, engine: 'large', instance: 'ml.p4de.24xlarge', gpusPerCopy: 8 },
    { ...row, engine: 'a small one', instance: 'ml.g5.xlarge', gpusPerCopy: 1 },
  ],
});

it('puts the numbers of GPUs behind each instance type, and an engine that nobody measured nowhere', () => {
  expect(measuredPlaces(hosting, 'large')).toBe(
    'ml.p5.48xlarge (8 or 4 of its GPUs a copy), ml.p4de.24xlarge (8)',
  );
  expect(measuredPlaces(hosting, 'other')).toBe('');
  expect(everyMeasuredPlace(hosting)).toBe(
    'a small one on ml.g5.xlarge (1 of its GPUs a copy); large on ml.p5.48xlarge (8 or 4 of its GPUs a copy), ml.p4de.24xlarge (8)',
  );
});
