import { describe, expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import { checkConfig } from '#core/config/check-config.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import enterprise from '#examples/enterprise.config.ts';
import regulated from '#examples/regulated.config.ts';
import world from '#examples/world.config.ts';
import { acmeConfig, parsedConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts, regionFacts } from '#test/builders/facts.ts';

const acme = acmeConfig();

/** `prefix region` of every lawful way, by the facts, to call a model; `plain` where no profile is needed. */
function lawfulWays(config: SpillwayConfig, model: string, residency: string): readonly string[] {
  const policy = resolveResidency(residency, config.residencies[residency] ?? {}, facts);
  const modelId = config.models[model]?.candidates[0]?.id ?? '';
  return config.accounts
    .flatMap((account) => account.regions)
    .flatMap((region) => {
      const plain = facts.plainOffered(modelId, region)
        ? [{ scope: 'in-region' as const, reach: [region] }]
        : [];
      const profiles = facts.profilesFor(modelId, region).map((profileId) => ({
        profileId,
        scope: profileId.startsWith('global.') ? ('global' as const) : ('geo' as const),
        reach: facts.destinationsOf(profileId, region),
      }));
      return [...plain, ...profiles]
        .filter((way) => judgeReach({ policy, target: { region, modelId, ...way }, facts }).lawful)
        .map((way) => `${'profileId' in way ? way.profileId.split('.')[0] : 'plain'} ${region}`);
    });
}

describe('every example', () => {
  it.each([
    ['acme', acme],
    ['world', parsedConfig(world)],
    ['enterprise', parsedConfig(enterprise)],
    ['regulated', parsedConfig(regulated)],
  ])('%s has no errors, with the shipped facts and without', (_, config) => {
    for (const known of [facts, regionFacts, emptyFacts])
      expect(checkConfig(config, known).errors).toEqual([]);
  });

  it('holds what it is an example of', () => {
    const { accounts } = parsedConfig(enterprise);
    expect(accounts).toHaveLength(30);
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(30);
    for (const account of accounts)
      expect([new Set(account.regions).size, account.traffic]).toEqual([21, true]);
    expect(new Set(parsedConfig(world).accounts[0]?.regions).size).toBe(31);
  });
});

describe('the default example resolves, by the facts,', () => {
  it('chat-large to profiles alone: three us., four eu., two jp., and nothing for Frankfurt', () => {
    expect(lawfulWays(acme, 'chat-large', 'us')).toEqual(['us us-east-1', 'us us-east-2', 'us us-west-2']);
    expect(lawfulWays(acme, 'chat-large', 'eu')).toEqual([
      'eu eu-central-1',
      'eu eu-west-1',
      'eu eu-west-3',
      'eu eu-north-1',
    ]);
    expect(lawfulWays(acme, 'chat-large', 'japan')).toEqual(['jp ap-northeast-1', 'jp ap-northeast-3']);
    expect(lawfulWays(acme, 'chat-large', 'frankfurt')).toEqual([]);
    expect(lawfulWays(acme, 'chat-large', 'anywhere').filter((way) => way.startsWith('plain'))).toEqual([]);
  });

  it('chat-small to plain ids in the US, eu-north-1, Tokyo and Sydney, eu. elsewhere in the EU, nothing in Osaka', () => {
    const anywhere = lawfulWays(acme, 'chat-small', 'anywhere');
    expect(anywhere.filter((way) => way.startsWith('plain'))).toEqual([
      'plain us-east-1',
      'plain us-east-2',
      'plain us-west-2',
      'plain eu-north-1',
      'plain ap-northeast-1',
      'plain ap-southeast-2',
    ]);
    expect(lawfulWays(acme, 'chat-small', 'eu').filter((way) => way.startsWith('eu'))).toEqual([
      'eu eu-central-1',
      'eu eu-west-1',
      'eu eu-west-3',
      'eu eu-north-1',
    ]);
    expect(anywhere.filter((way) => way.endsWith('ap-northeast-3'))).toEqual([]);
  });
});
