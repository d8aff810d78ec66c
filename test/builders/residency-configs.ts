/** Configurations of any shape that residencies and permissions depend on. */
import * as fc from 'fast-check';
import type { SpillwayConfig } from '#contract/config.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const home = '111111111111';
const other = '222222222222';

/** Models with profiles of several kinds, in several geographies, and one that has none. */
export const profiledModels: readonly string[] = [
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'anthropic.claude-haiku-4-5-20251001-v1:0',
  'amazon.nova-lite-v1:0',
  'amazon.titan-embed-text-v2:0',
];

const regions = fc.uniqueArray(fc.constantFrom(...shippedFacts.regions), { minLength: 1, maxLength: 4 });

const residency = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      jurisdictions: fc.subarray([...shippedFacts.jurisdictions], { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ regions }) },
  { weight: 1, arbitrary: fc.constant({ jurisdictions: 'any' as const }) },
);

/** Two accounts that share no region, up to three residencies, one model or more. */
export const residencyConfigs: fc.Arbitrary<SpillwayConfig> = fc
  .record({
    own: regions,
    others: regions,
    residencies: fc.array(residency, { minLength: 1, maxLength: 3 }),
    models: fc.subarray([...profiledModels], { minLength: 1 }),
  })
  .map(({ own, others, residencies, models }) =>
    acmeConfig({
      home: { account: home, region: own[0] ?? 'us-east-1' },
      gateways: [own[0] ?? 'us-east-1'],
      accounts: [
        { id: home, regions: own },
        {
          id: other,
          regions: others
            .filter((region) => !own.includes(region))
            .concat(own.length > 2 ? [own[1] ?? ''] : [])
            .filter((region) => region !== ''),
        },
      ].filter(({ regions: listed }) => listed.length > 0),
      residencies: Object.fromEntries(residencies.map((spec, index) => [`residency-${index}`, spec])),
      models: Object.fromEntries(models.map((id, index) => [`model-${index}`, { candidates: [id] }])),
      tenants: {},
    }),
  );
