import { expect, it } from 'vitest';
import { checkCapacity } from '#core/config/check-capacity.ts';
import { checkConfig } from '#core/config/check-config.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const config = acmeConfig();
const withCapacity = (changes: { safeShare?: number; processesMax?: number }) => ({
  ...config,
  capacity: { ...config.capacity, ...changes },
});

it('finds nothing where nothing is set aside, or where it is known among how many', () => {
  for (const changes of [{}, { safeShare: 0 }, { processesMax: 8 }, { safeShare: 0.25, processesMax: 8 }])
    expect(checkCapacity(withCapacity(changes))).toEqual({ errors: [], warnings: [] });
});

it('refuses a share that is set aside for nobody knows how many', () => {
  const { errors } = checkConfig(withCapacity({ safeShare: 0.25 }), shippedFacts);
  expect(errors.map(({ path }) => path)).toEqual(['capacity.safeShare']);
  expect(errors[0]?.message).toMatch(
    /^0\.25 sets nothing aside while capacity\.processesMax is not set: .*, or want 0$/,
  );
});
