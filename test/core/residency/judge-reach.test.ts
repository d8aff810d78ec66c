import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeGatewayRegion,
  judgeLawful,
  judgeReach,
  type ReachSubject,
} from '#core/residency/judge-reach.ts';
import { type ResidencyPolicy, resolveResidency } from '#core/residency/resolve-residency.ts';
import type { Scope } from '#core/target.ts';
import profiles from '#data/profiles.json' with { type: 'json' };
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const facts = shippedFacts;
const policy = (jurisdictions: 'any' | string[], regions: string[] = []): ResidencyPolicy =>
  resolveResidency('policy', { jurisdictions, regions }, facts);
const plain = (region: string, reach: readonly string[] = [region]): ReachSubject => ({
  region,
  scope: 'in-region',
  modelId: 'amazon.nova-lite-v1:0',
  reach,
});
const profile = (profileId: string, region: string, reach?: readonly string[]): ReachSubject => ({
  region,
  scope: profileId.startsWith('global.') ? 'global' : 'geo',
  modelId: profileId.slice(profileId.indexOf('.') + 1),
  profileId,
  reach: reach ?? facts.destinationsOf(profileId, region) ?? [],
});

const knownRegions = [...facts.regions];
const someRegion = fc.constantFrom(...knownRegions, 'xx-north-9', 'yy-south-1');
const someReach = fc.uniqueArray(
  fc.oneof({ weight: 12, arbitrary: someRegion }, { weight: 1, arbitrary: fc.constant('*') }),
  { maxLength: 6 },
);
const somePolicy = fc.oneof(
  { weight: 1, arbitrary: fc.constant(policy('any')) },
  {
    weight: 6,
    arbitrary: fc
      .subarray([...facts.jurisdictions], { minLength: 1, maxLength: 8 })
      .map((codes) => policy(codes)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.subarray(knownRegions, { minLength: 1 }), fc.boolean())
      .map(([regions, odd]) => policy([], odd ? [...regions, 'xx-north-9'] : regions)),
  },
);
const knownCalls = profiles.profiles.flatMap((row) =>
  (row.sources ?? Object.keys(row.destinationsBySource ?? {})).map((region) => ({
    profileId: row.id,
    region,
  })),
);
/** Calls that the facts know, calls from sources they do not know, and profiles that nobody knows. */
const someCall = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...knownCalls) },
  {
    weight: 1,
    arbitrary: fc.record({
      profileId: fc.constantFrom(...knownCalls.map((call) => call.profileId)),
      region: someRegion,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      profileId: fc.constantFrom(
        'us.new.model',
        'eu.new.model',
        'zz.new.model',
        'apac.new.model',
        'global.new.model',
      ),
      region: someRegion,
    }),
  },
);
const someTarget: fc.Arbitrary<ReachSubject> = fc.oneof(
  fc.tuple(someCall, someReach).map(([call, reach]) => profile(call.profileId, call.region, reach)),
  fc.tuple(someCall).map(([call]) => profile(call.profileId, call.region)),
  fc
    .tuple(someRegion, someReach, fc.constantFrom<Scope>('in-region', 'dedicated'))
    .map(([region, reach, scope]) => ({ ...plain(region, reach), scope })),
);
const runs = { numRuns: 3000 };

/** The law once more, written the other way round: all that a prompt might touch. */
function touched(target: ReachSubject): readonly string[] {
  const called = target.scope === 'dedicated' ? undefined : target.profileId;
  const compiled = called === undefined ? [] : (facts.destinationsOf(called, target.region) ?? []);
  return [
    ...(target.reach ?? []),
    ...compiled,
    target.region,
    ...(called?.startsWith('global.') === true ? ['*'] : []),
  ];
}

describe('the law of reach', () => {
  it('calls nothing lawful that could touch a region outside the policy', () => {
    let lawful = 0;
    fc.assert(
      fc.property(somePolicy, someTarget, (rule, target) => {
        const verdict = judgeReach({ policy: rule, target, facts });
        if (!verdict.lawful) return;
        lawful += 1;
        expect(target.reach?.length).toBeGreaterThan(0);
        const { allowed } = rule;
        if (allowed === 'any') return;
        expect(touched(target).filter((region) => !allowed.has(region))).toEqual([]);
        expect(verdict.reach).toEqual([...new Set(touched(target))].sort());
      }),
      runs,
    );
    expect(lawful).toBeGreaterThan(100);
  });

  it('refuses nothing without a reason: what stays inside and announces nothing else is lawful', () => {
    let lawful = 0;
    fc.assert(
      fc.property(somePolicy, someTarget, (rule, target) => {
        const { allowed } = rule;
        const inside = allowed === 'any' || touched(target).every((region) => allowed.has(region));
        const verdict = judgeReach({ policy: rule, target, facts });
        if (!inside || target.reach?.length === 0) return;
        if (!verdict.lawful) expect(verdict.why).toBe('prefix-outside');
        else lawful += 1;
      }),
      runs,
    );
    expect(lawful).toBeGreaterThan(100);
  });

  it('is monotone: a wider policy never makes a lawful target unlawful', () => {
    fc.assert(
      fc.property(
        fc.subarray(knownRegions, { minLength: 1 }),
        fc.subarray(knownRegions),
        someTarget,
        (regions, more, target) => {
          const narrow = judgeReach({ policy: policy([], regions), target, facts });
          if (!narrow.lawful) return;
          expect(judgeReach({ policy: policy([], [...regions, ...more]), target, facts }).lawful).toBe(true);
          expect(judgeReach({ policy: policy('any'), target, facts }).lawful).toBe(true);
        },
      ),
      runs,
    );
  });

  it('lets no prefix permit: the verdict on a reach outside never depends on the name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('us', 'eu', 'jp', 'au', 'in', 'ca', 'apac', 'zz'),
        someRegion,
        (prefix, destination) => {
          const rule = policy(['EU']);
          const target = profile(`${prefix}.new.model`, 'eu-west-1', ['eu-west-1', destination]);
          const inside = facts.jurisdictionsOf(destination)?.includes('EU') === true;
          expect(judgeReach({ policy: rule, target, facts }).lawful).toBe(
            inside && (prefix === 'eu' || prefix === 'zz'),
          );
        },
      ),
    );
  });

  it('names every offending region', () => {
    const target = plain('eu-west-1', ['eu-west-1', 'us-east-1', 'xx-north-9']);
    expect(judgeReach({ policy: policy(['EU']), target, facts })).toEqual({
      lawful: false,
      offending: ['us-east-1', 'xx-north-9'],
      why: 'reach-outside',
    });
  });
});

describe('what is unknown', () => {
  it('is refused: an empty or missing reach, under every policy', () => {
    const { reach: _, ...without } = plain('eu-west-1');
    for (const rule of [policy(['EU']), policy('any')]) {
      for (const target of [plain('eu-west-1', []), without]) {
        expect(judgeReach({ policy: rule, target, facts })).toEqual({
          lawful: false,
          offending: [],
          why: 'reach-unknown',
        });
      }
    }
  });

  it('is refused: a region code that stands in no table, unless the policy names it or allows any', () => {
    const target = plain('xx-north-9');
    expect(judgeReach({ policy: policy(['EU', 'US', 'APAC']), target, facts }).lawful).toBe(false);
    expect(judgeReach({ policy: policy([], ['xx-north-9']), target, facts }).lawful).toBe(true);
    expect(judgeReach({ policy: policy('any'), target, facts }).lawful).toBe(true);
  });

  it('does not refuse a new profile whose listed reach stays inside', () => {
    const target = profile('eu.new.model-v9:0', 'eu-west-1', ['eu-central-1', 'eu-west-1']);
    expect(judgeReach({ policy: policy(['EU']), target, facts })).toEqual({
      lawful: true,
      reach: ['eu-central-1', 'eu-west-1'],
    });
  });

  it('is judged by the listed reach alone when the facts are empty', () => {
    const rule = policy([], ['eu-central-1', 'eu-west-1']);
    const target = profile('eu.new.model-v9:0', 'eu-west-1', ['eu-central-1', 'eu-west-1']);
    expect(judgeReach({ policy: rule, target, facts: emptyFacts }).lawful).toBe(true);
    expect(
      judgeReach({ policy: rule, target: { ...target, reach: ['us-east-1'] }, facts: emptyFacts }).lawful,
    ).toBe(false);
  });
});

describe('the union of table and facts', () => {
  const eu = 'eu.amazon.nova-lite-v1:0';

  it('does not trust a table that says less than the facts', () => {
    const target = profile(eu, 'il-central-1', ['il-central-1']);
    expect(judgeReach({ policy: policy(['IL']), target, facts }).lawful).toBe(false);
    expect(judgeReach({ policy: policy(['IL', 'EU']), target, facts }).lawful).toBe(true);
  });

  it('does not trust facts that say less than the table', () => {
    const target = profile(eu, 'eu-central-1', ['eu-central-1', 'us-east-1']);
    expect(judgeReach({ policy: policy(['EU']), target, facts }).lawful).toBe(false);
  });

  it('reads the facts of the source that is called, not of another', () => {
    const target = { ...profile(eu, 'il-central-1'), reach: ['eu-central-1'] };
    expect(judgeReach({ policy: policy(['EU']), target, facts })).toMatchObject({
      offending: ['il-central-1'],
    });
    const home = profile(eu, 'eu-central-1');
    expect(judgeReach({ policy: policy(['EU']), target: home, facts })).toMatchObject({ lawful: true });
  });

  it('counts the source region even when no destination list names it', () => {
    const target = profile('us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'ca-west-1', ['us-east-1']);
    expect(judgeReach({ policy: policy(['US']), target, facts })).toMatchObject({ lawful: false });
  });

  it('judges a profile id that stands in the place of a model id as the profile it is', () => {
    const target: ReachSubject = {
      region: 'ca-central-1',
      scope: 'in-region',
      modelId: 'us.amazon.nova-2-lite-v1:0',
      reach: ['ca-central-1'],
    };
    expect(judgeReach({ policy: policy(['CA']), target, facts }).lawful).toBe(false);
  });

  it('judges a profile that is named by its ARN as the profile it is', () => {
    for (const id of ['us.amazon.nova-2-lite-v1:0', 'global.amazon.nova-2-lite-v1:0']) {
      const target: ReachSubject = {
        region: 'ca-central-1',
        scope: 'geo',
        modelId: 'amazon.nova-2-lite-v1:0',
        profileId: `arn:aws:bedrock:ca-central-1:111111111111:inference-profile/${id}`,
        reach: ['ca-central-1'],
      };
      expect(judgeReach({ policy: policy(['CA']), target, facts }).lawful).toBe(false);
    }
  });

  it('judges what is called, not what a table row calls itself', () => {
    const target: ReachSubject = {
      region: 'ca-central-1',
      kind: 'bedrock',
      scope: 'dedicated',
      modelId: 'amazon.nova-2-lite-v1:0',
      profileId: 'us.amazon.nova-2-lite-v1:0',
      reach: ['ca-central-1'],
    };
    expect(judgeReach({ policy: policy(['CA']), target, facts }).lawful).toBe(false);
  });
});

describe('a global profile', () => {
  const id = 'global.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const rules = [policy(['EU']), policy([...facts.jurisdictions]), policy([], knownRegions)];

  it('is lawful under any alone, whatever its table item claims', () => {
    for (const reach of [['*'], ['eu-central-1'], knownRegions]) {
      const target = profile(id, 'eu-central-1', reach);
      for (const rule of rules) {
        expect(judgeReach({ policy: rule, target, facts })).toMatchObject({
          why: 'reach-everywhere',
          offending: ['*'],
        });
        expect(judgeReach({ policy: rule, target, facts: emptyFacts }).lawful).toBe(false);
      }
      expect(judgeReach({ policy: policy('any'), target, facts })).toEqual({ lawful: true, reach: ['*'] });
    }
  });

  it('is known by its scope and by its reach too, not only by its id', () => {
    const renamed = {
      ...profile('zz.new.model', 'eu-central-1', ['eu-central-1']),
      scope: 'global' as const,
    };
    const listed = profile('zz.new.model', 'eu-central-1', ['eu-central-1', '*']);
    const mislabelled = {
      ...profile('global.new.model', 'eu-central-1', ['eu-central-1']),
      scope: 'geo' as const,
    };
    for (const target of [renamed, listed, mislabelled])
      expect(judgeReach({ policy: policy(['EU']), target, facts }).lawful).toBe(false);
  });
});

describe('a dedicated target', () => {
  it('reaches its own region, whatever the name that it serves', () => {
    const target: ReachSubject = {
      region: 'eu-west-1',
      scope: 'dedicated',
      modelId: 'global.my-model',
      reach: ['eu-west-1'],
    };
    expect(judgeReach({ policy: policy(['IE']), target, facts })).toEqual({
      lawful: true,
      reach: ['eu-west-1'],
    });
    expect(judgeReach({ policy: policy(['US']), target, facts }).lawful).toBe(false);
  });
});

describe('the gateway', () => {
  it('must itself stand inside the policy', () => {
    const target = plain('eu-west-1');
    expect(judgeLawful({ policy: policy(['EU']), target, facts, gatewayRegion: 'us-east-1' })).toEqual({
      lawful: false,
      offending: ['us-east-1'],
      why: 'gateway-outside',
    });
    expect(judgeLawful({ policy: policy(['EU']), target, facts, gatewayRegion: 'eu-central-1' }).lawful).toBe(
      true,
    );
    expect(
      judgeLawful({
        policy: policy(['EU']),
        target: plain('us-east-1'),
        facts,
        gatewayRegion: 'eu-central-1',
      }).lawful,
    ).toBe(false);
  });

  it('is inside iff its region is allowed', () => {
    fc.assert(
      fc.property(somePolicy, someRegion, (rule, region) => {
        const inside = rule.allowed === 'any' || rule.allowed.has(region);
        expect(judgeGatewayRegion(rule, region).lawful).toBe(inside);
        const lawful = judgeLawful({ policy: rule, target: plain(region), facts, gatewayRegion: region });
        expect(lawful.lawful).toBe(inside);
      }),
    );
  });
});

describe('what reads the prompt beside the target', () => {
  it('may make a lawful target unlawful, never an unlawful one lawful, and stands in the reach', () => {
    fc.assert(
      fc.property(somePolicy, someRegion, someReach, someReach, (bounds, region, reach, besideReach) => {
        const question = { policy: bounds, target: plain(region, reach), facts };
        const alone = judgeReach(question);
        const together = judgeReach({ ...question, besideReach });
        if (together.lawful) {
          expect(alone.lawful).toBe(true);
          if (!together.reach.includes('*'))
            expect(together.reach).toEqual(expect.arrayContaining(besideReach));
          if (bounds.allowed !== 'any') {
            for (const each of besideReach) expect(bounds.allowed.has(each)).toBe(true);
          }
        }
      }),
    );
  });

  it('is lawful with no known place only where nothing is bounded', () => {
    fc.assert(
      fc.property(somePolicy, someRegion, someReach, (bounds, region, reach) => {
        const target = plain(region, [region, ...reach]);
        const verdict = judgeReach({ policy: bounds, target, facts, besideReach: ['*'] });
        expect(verdict.lawful).toBe(bounds.allowed === 'any');
        if (verdict.lawful) expect(verdict.reach).toEqual(['*']);
      }),
    );
  });
});
