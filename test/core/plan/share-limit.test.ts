import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GatewayShare, gatewayShares, mayServe, shareOut } from '#core/plan/share-limit.ts';
import { judgeLawful } from '#core/residency/judge-reach.ts';
import { type ResidencySpec, resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';

const four = ['us-east-1', 'eu-central-1', 'ap-northeast-1', 'eu-west-1'];
const endpointIn = (region: string) => ({
  region,
  scope: 'dedicated' as const,
  modelId: 'gpu',
  reach: [region],
});
const policiesOf = (specs: Readonly<Record<string, ResidencySpec>>) =>
  Object.entries(specs).map(([name, spec]) => resolveResidency(name, spec, facts));
const everywhere = policiesOf({ eu: { jurisdictions: ['EU'] }, anywhere: { jurisdictions: 'any' } });

interface Case {
  readonly slots: number;
  readonly region?: string;
  readonly gateways?: readonly string[];
  readonly policies?: readonly ReturnType<typeof resolveResidency>[];
  readonly shares?: Readonly<Record<string, number>>;
  readonly remoteShare?: number;
}

function sharesOf({
  slots,
  region = 'us-east-1',
  gateways = four,
  policies = everywhere,
  shares,
  remoteShare = 0.1,
}: Case) {
  const sharing = { gateways, policies, remoteShare };
  return shareOut(slots, gatewayShares({ target: endpointIn(region), configured: shares, sharing, facts }));
}

describe('by default, a dedicated target', () => {
  it('is nearly all of the gateways of its jurisdiction, and the others have the remainder', () => {
    expect(sharesOf({ slots: 32 })).toEqual({
      'us-east-1': 29,
      'eu-central-1': 1,
      'ap-northeast-1': 1,
      'eu-west-1': 1,
    });
    expect(sharesOf({ slots: 320, region: 'eu-west-3' })).toEqual({
      'eu-central-1': 144,
      'eu-west-1': 144,
      'us-east-1': 16,
      'ap-northeast-1': 16,
    });
  });

  it('is of those alone whom a residency lets use it', () => {
    const policies = policiesOf({ eu: { jurisdictions: ['EU'] }, frankfurt: { regions: ['eu-central-1'] } });
    expect(sharesOf({ slots: 32, region: 'eu-west-1', policies })).toEqual({
      'eu-west-1': 16,
      'eu-central-1': 16,
    });
    expect(sharesOf({ slots: 32, region: 'us-east-1', policies })).toEqual({});
  });

  it('is all of the others where no gateway stands in its jurisdiction', () => {
    expect(sharesOf({ slots: 9, region: 'sa-east-1', gateways: four.slice(0, 3) })).toEqual({
      'us-east-1': 3,
      'eu-central-1': 3,
      'ap-northeast-1': 3,
    });
  });

  it('leaves the others nothing where the remainder is nothing', () => {
    expect(sharesOf({ slots: 8, remoteShare: 0 })).toEqual({ 'us-east-1': 8 });
  });

  it('with fewer slots than gateways is of the nearest', () => {
    expect(sharesOf({ slots: 2, region: 'eu-west-1' })).toEqual({ 'eu-west-1': 1, 'eu-central-1': 1 });
    expect(sharesOf({ slots: 0 })).toEqual({});
  });
});

describe('configured shares', () => {
  it('go before the rule, which shares the rest among those that are not named', () => {
    expect(sharesOf({ slots: 100, shares: { 'us-east-1': 0.5, 'eu-west-1': 0.2 } })).toEqual({
      'us-east-1': 50,
      'eu-west-1': 20,
      'eu-central-1': 15,
      'ap-northeast-1': 15,
    });
  });

  it('are those of the guide', () => {
    const gateways = ['us-east-1', 'eu-central-1', 'eu-west-1', 'ap-northeast-1'];
    const shares = { 'us-east-1': 0.5, 'eu-central-1': 0.4 };
    expect(sharesOf({ slots: 32, gateways, shares })).toEqual({
      'us-east-1': 16,
      'eu-central-1': 13,
      'eu-west-1': 2,
      'ap-northeast-1': 1,
    });
  });

  it('may shut a gateway out, and leave some to nobody', () => {
    const shares = { 'us-east-1': 0.5, 'eu-west-1': 0, 'eu-central-1': 0, 'ap-northeast-1': 0 };
    expect(sharesOf({ slots: 10, shares })).toEqual({ 'us-east-1': 5 });
  });

  it('that come to 1 leave nothing to the others, whatever decimals add up to', () => {
    const shares = { 'us-east-1': 0.7, 'eu-west-1': 0.2, 'eu-central-1': 0.1 };
    expect(sharesOf({ slots: 10, shares })).toEqual({ 'us-east-1': 7, 'eu-west-1': 2, 'eu-central-1': 1 });
  });

  it('give nothing to a gateway that no residency lets use the target', () => {
    const policies = policiesOf({ us: { jurisdictions: ['US'] } });
    expect(sharesOf({ slots: 10, policies, shares: { 'eu-west-1': 0.9 } })).toEqual({ 'us-east-1': 1 });
  });
});

const spec: fc.Arbitrary<ResidencySpec> = fc.oneof(
  fc.constant<ResidencySpec>({ jurisdictions: 'any' }),
  fc.record({ jurisdictions: fc.subarray([...facts.jurisdictions], { minLength: 1, maxLength: 3 }) }),
  fc.record({ regions: fc.subarray([...facts.regions], { minLength: 1, maxLength: 4 }) }),
);
const world = fc.record({
  region: fc.constantFrom(...facts.regions),
  gateways: fc.subarray([...facts.regions], { minLength: 1, maxLength: 6 }),
  policies: fc
    .array(spec, { minLength: 1, maxLength: 3 })
    .map((specs) => policiesOf(Object.fromEntries(specs.entries()))),
  remoteShare: fc.double({ min: 0, max: 1, noNaN: true }),
  slots: fc.nat(3_000),
});

describe('the shares of a limit', () => {
  it('never come to more than it, and a gateway that no residency allows has none', () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat(1_000), { maxLength: 6 }), (drawn, parts) => {
        const total = Math.max(
          1,
          parts.reduce((sum, part) => sum + part, 0),
        );
        const named = parts.flatMap((part, index) => {
          const gateway = drawn.gateways[index];
          return gateway === undefined ? [] : [[gateway, part / total] as const];
        });
        const shares = sharesOf({ ...drawn, shares: Object.fromEntries(named) });
        const slots = Object.values(shares);
        expect(slots.every((each) => Number.isSafeInteger(each) && each >= 1)).toBe(true);
        expect(slots.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(drawn.slots);
        const target = endpointIn(drawn.region);
        for (const gatewayRegion of Object.keys(shares)) {
          expect(drawn.gateways).toContain(gatewayRegion);
          const lawful = drawn.policies.some(
            (policy) => judgeLawful({ policy, gatewayRegion, target, facts }).lawful,
          );
          expect(lawful, `${gatewayRegion} may use ${drawn.region}`).toBe(true);
        }
      }),
    );
  });

  it('by default come to all of it, with one slot at least for everyone who may use it while there are enough', () => {
    fc.assert(
      fc.property(world, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (drawn, remoteShare) => {
        const shares = sharesOf({ ...drawn, remoteShare });
        const lawful = drawn.gateways.filter((gateway) =>
          mayServe(gateway, endpointIn(drawn.region), { policies: drawn.policies, facts }),
        );
        const sum = Object.values(shares).reduce((total, each) => total + each, 0);
        expect(sum).toBe(lawful.length === 0 ? 0 : drawn.slots);
        expect(Object.keys(shares)).toHaveLength(Math.min(lawful.length, drawn.slots));
      }),
    );
  });

  it('never give a nearer one of equals less', () => {
    const equal: readonly GatewayShare[] = ['a', 'b', 'c', 'd', 'e'].map((region) => ({
      region,
      share: 0.2,
    }));
    fc.assert(
      fc.property(fc.nat(5_000), (limit) => {
        const shares = shareOut(limit, equal);
        const slots = equal.map(({ region }) => shares[region] ?? 0);
        expect(slots).toEqual([...slots].sort((left, right) => right - left));
        expect(Math.max(...slots) - Math.min(...slots)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
