import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpillwayConfigInput } from '#contract/config.ts';
import { residencyNames } from '#lib/residency-names.ts';
import { parsedConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const regions = [
  ...['us-east-1', 'us-west-2', 'ca-central-1', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-central-2'],
  ...['il-central-1', 'ap-northeast-1', 'ap-southeast-2', 'sa-east-1', 'af-south-1', 'xx-north-9'],
];
const codes = ['EU', 'US', 'UK', 'CH', 'JP', 'CA', 'ZZ'];
const accountIds = ['111111111111', '222222222222', '333333333333'];

interface Drawn {
  readonly owners: readonly number[];
  readonly gateways: readonly number[];
  readonly residencies: readonly {
    readonly jurisdictions: readonly string[];
    readonly regions: readonly string[];
  }[];
  readonly anywhere: boolean;
}

/** A deployment whose regions belong to any of three accounts, each with a zone. */
function configOf({ owners, gateways, residencies, anywhere }: Drawn): SpillwayConfigInput {
  const accounts = accountIds.map((id, index) => ({
    id,
    regions: regions.filter((_, region) => owners[region] === index),
  }));
  const bounded = Object.fromEntries(
    residencies.map((spec, index) => [
      `r${index}`,
      { jurisdictions: [...spec.jurisdictions], regions: [...spec.regions] },
    ]),
  );
  return {
    name: 'drawn',
    home: { account: '111111111111', region: 'us-east-1' },
    accounts: accounts.filter((account) => account.regions.length > 0),
    gateways: [...new Set(gateways)].map((index) => regions[index] ?? ''),
    residencies: anywhere ? { ...bounded, anywhere: { jurisdictions: 'any' } } : bounded,
    models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
    frontDoor: {
      domain: {
        zones: accountIds.map((account, index) => ({
          account,
          id: `Z000${index}`,
          name: index === 0 ? 'llm.example.com' : `a${index}.llm.example.com`,
        })),
      },
    },
  };
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  owners: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: regions.length, maxLength: regions.length }),
  gateways: fc.array(fc.integer({ min: 0, max: regions.length - 1 }), { minLength: 1, maxLength: 8 }),
  residencies: fc.array(
    fc
      .record({ jurisdictions: fc.subarray(codes), regions: fc.subarray(regions, { maxLength: 2 }) })
      .filter((spec) => spec.jurisdictions.length + spec.regions.length > 0),
    { maxLength: 4 },
  ),
  anywhere: fc.boolean(),
});

describe('residencyNames', () => {
  it('lead to gateways inside the residency and to all of those, over 600 deployments', () => {
    let bounded = 0;
    fc.assert(
      fc.property(drawn, (draw) => {
        const config = parsedConfig(configOf(draw));
        const names = residencyNames(config, shippedFacts);
        for (const [residency, spec] of Object.entries(config.residencies)) {
          // By the facts' own lists of regions, without the function that is tested.
          const inside = config.gateways.filter(
            (region) =>
              spec.jurisdictions === 'any' ||
              (spec.regions ?? []).includes(region) ||
              (spec.jurisdictions ?? []).some((code) => shippedFacts.regionsOf(code).includes(region)),
          );
          const own = names.filter((name) => name.residency === residency);
          expect(own.map(({ region }) => region)).toEqual(inside);
          if (inside.length < config.gateways.length) bounded += own.length;
        }
        for (const { residency, hostname, region, leadsTo } of names) {
          expect(hostname).toBe(`${residency}.llm.example.com`);
          expect(leadsTo.startsWith(`${region}.`)).toBe(true);
          expect(config.gatewayUrls[region]).toBe(`https://${leadsTo}`);
        }
      }),
      { numRuns: 600 },
    );
    expect(bounded).toBeGreaterThan(300);
  });

  it('are none for a jurisdiction of which nothing is known, and none without a domain', () => {
    const input = configOf({
      owners: regions.map(() => 0),
      gateways: [0, 3],
      residencies: [{ jurisdictions: ['EU'], regions: [] }],
      anywhere: false,
    });
    expect(residencyNames(parsedConfig(input), emptyFacts)).toEqual([]);
    expect(residencyNames(parsedConfig({ ...input, frontDoor: {} }), shippedFacts)).toEqual([]);
    expect(residencyNames(parsedConfig(input), shippedFacts)).toEqual([
      {
        residency: 'r0',
        hostname: 'r0.llm.example.com',
        region: 'eu-central-1',
        leadsTo: 'eu-central-1.llm.example.com',
      },
    ]);
  });
});
