import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf, resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import enterprise from '#examples/enterprise.config.ts';
import world from '#examples/world.config.ts';
import { acmeConfig, parsedConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const facts = shippedFacts;
const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const novaLite = 'amazon.nova-lite-v1:0';
const titan = 'amazon.titan-embed-text-v2:0';

type ModelInput = NonNullable<Parameters<typeof acmeConfig>[0]>['models'];
const resolve = (models?: ModelInput) =>
  resolveBaselines({ ...acmeConfig(models === undefined ? {} : { models }), facts });
const messagesOf = (models: ModelInput) =>
  resolve(models).violations.map(({ path, message }) => `${path}: ${message}`);
const ids = (model: string, residency: string) =>
  baselineOf(resolve().entries, model, residency).map((target) => target.id);

describe('the baselines of the default example', () => {
  it('are profiles where the model is profile-only, and plain where it is offered on demand', () => {
    expect(resolve().violations).toEqual([]);
    expect(ids('chat-large', 'us')).toEqual([
      `111111111111/us-east-1/us.${sonnet}`,
      `111111111111/us-west-2/us.${sonnet}`,
    ]);
    expect(ids('chat-small', 'eu')).toEqual([
      `222222222222/eu-central-1/eu.${novaLite}`,
      `222222222222/eu-north-1/${novaLite}`,
    ]);
    expect(ids('embed', 'japan')).toEqual([`333333333333/ap-northeast-1/${titan}`]);
  });

  it('are missing where nothing is lawful', () => {
    for (const model of ['chat-large', 'chat-small', 'embed']) expect(ids(model, 'frankfurt')).toEqual([]);
  });

  it('serve every wider residency too, in the order of the file', () => {
    expect(ids('chat-small', 'anywhere')).toEqual([
      ...ids('chat-small', 'us'),
      ...ids('chat-small', 'eu'),
      ...ids('chat-small', 'japan'),
    ]);
  });

  it('count a target once where residencies of the same extent both declare it, as their own', () => {
    const config = acmeConfig({
      residencies: { us: { jurisdictions: ['US'] }, states: { jurisdictions: ['US'] } },
      models: {
        chat: { candidates: [novaLite], baseline: { us: ['us-east-1'], states: ['us-west-2', 'us-east-1'] } },
      },
      tenants: {},
    });
    const { entries } = resolveBaselines({ ...config, facts });
    expect(
      entries.map(({ residency, declaredFor, target }) => [residency, declaredFor, target.region]),
    ).toEqual([
      ['us', 'us', 'us-east-1'],
      ['us', 'states', 'us-west-2'],
      ['states', 'states', 'us-west-2'],
      ['states', 'states', 'us-east-1'],
    ]);
  });

  it('carry the whole target', () => {
    expect(baselineOf(resolve().entries, 'chat-large', 'japan')).toEqual([
      {
        id: `333333333333/ap-northeast-1/jp.${sonnet}`,
        account: '333333333333',
        region: 'ap-northeast-1',
        kind: 'bedrock',
        scope: 'geo',
        modelId: sonnet,
        profileId: `jp.${sonnet}`,
        position: 0,
        reach: ['ap-northeast-1', 'ap-northeast-3'],
        state: 'available',
        lifecycle: 'ACTIVE',
        contextTokensMax: 200_000,
        outputTokensMax: 64_000,
        capabilities: {
          input: ['IMAGE', 'TEXT'],
          output: ['TEXT'],
          streaming: true,
          tools: true,
          streamedTools: true,
          parallelTools: true,
          toolChoiceAny: true,
          toolChoiceNamed: true,
          jsonSchema: true,
          documents: true,
          systemPrompts: true,
          reasoning: ['budget'],
        },
        pricing: {
          inputMicroUsdPerMillionTokens: 3_300_000,
          outputMicroUsdPerMillionTokens: 16_500_000,
          cacheReadMicroUsdPerMillionTokens: 330_000,
          cacheWriteMicroUsdPerMillionTokens: 4_125_000,
        },
        quotaPool: `333333333333/ap-northeast-1/${sonnet}/geo`,
      },
    ]);
  });
});

describe('every baseline', () => {
  it.each([
    ['acme', acmeConfig()],
    ['world', parsedConfig(world)],
    ['enterprise', parsedConfig(enterprise)],
  ])('of %s lies inside its residency, in an account that lists its region, and is ACTIVE', (_, config) => {
    const { entries, violations } = resolveBaselines({ ...config, facts });
    expect(violations).toEqual([]);
    expect(entries.length).toBeGreaterThan(20);
    for (const { residency, target } of entries) {
      const policy = resolveResidency(residency, config.residencies[residency] ?? {}, facts);
      expect(judgeReach({ policy, target, facts })).toEqual({ lawful: true, reach: target.reach });
      const account = config.accounts.find(({ id }) => id === target.account);
      expect(account?.regions).toContain(target.region);
      expect(target.lifecycle).toBe('ACTIVE');
    }
  });

  it('is lawful or a violation, for any model, region and residency', () => {
    const anyRegion = fc.constantFrom(...facts.regions);
    const anyModel = fc.constantFrom(...facts.models);
    const anyJurisdiction = fc.constantFrom(...facts.jurisdictions);
    let resolved = 0;
    fc.assert(
      fc.property(
        anyModel,
        anyRegion,
        fc.uniqueArray(anyJurisdiction, { minLength: 1, maxLength: 6 }),
        (id, region, jurisdictions) => {
          const spec = { jurisdictions };
          const { entries, violations } = resolveBaselines({
            accounts: [{ id: '111111111111', regions: [region] }],
            residencies: { bound: spec },
            models: { chat: { kind: 'chat', candidates: [{ id }], baseline: { bound: [{ region }] } } },
            facts,
          });
          expect(entries.length + violations.length).toBe(1);
          for (const { target } of entries) {
            resolved += 1;
            const allowed = new Set(jurisdictions.flatMap((code) => facts.regionsOf(code)));
            const listed =
              target.profileId === undefined
                ? [region]
                : (facts.destinationsOf(target.profileId, region) ?? ['unknown']);
            expect([...listed, region].filter((reached) => !allowed.has(reached))).toEqual([]);
            expect(facts.lifecycleOf(id)).not.toBe('LEGACY');
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(resolved).toBeGreaterThan(30);
  });
});

describe('an entry that cannot be lawful', () => {
  it('names what it would reach and the nearest lawful choice', () => {
    expect(messagesOf({ chat: { candidates: [sonnet], baseline: { eu: ['us-east-1'] } } })).toEqual([
      `models.chat.baseline.eu[0]: ${sonnet} from us-east-1 reaches us-east-1, us-east-2, us-west-2, outside the residency eu; the nearest lawful choice is eu-central-1 (eu.${sonnet})`,
    ]);
  });

  it('says when there is no lawful choice anywhere', () => {
    const [message] = messagesOf({
      chat: { candidates: [sonnet], baseline: { frankfurt: ['eu-central-1'] } },
    });
    expect(message).toContain('no region serves the candidates inside the residency frankfurt');
  });

  it('names a region to add when no listed one is lawful', () => {
    const config = acmeConfig({
      residencies: { uk: { jurisdictions: ['UK'] } },
      models: { chat: { candidates: [novaLite], baseline: { uk: ['eu-west-1'] } } },
      tenants: {},
    });
    expect(resolveBaselines({ ...config, facts }).violations[0]?.message).toMatch(
      /no listed region is lawful; eu-west-2 \(amazon.nova-lite-v1:0\) would be, if an account listed it$/,
    );
  });

  it('is refused when a global profile is named for a bounded residency, and taken for any', () => {
    const id = `global.${sonnet}`;
    expect(
      messagesOf({ chat: { candidates: [sonnet], baseline: { us: [{ region: 'us-east-1', id }] } } })[0],
    ).toMatch(/reaches every region, outside the residency us;/);
    const lawful = resolve({
      chat: { candidates: [sonnet], baseline: { anywhere: [{ region: 'us-east-1', id }] } },
    });
    expect(lawful.violations).toEqual([]);
    expect(lawful.entries[0]?.target).toMatchObject({ profileId: id, scope: 'global', reach: ['*'] });
  });

  it.each([
    [{ region: 'eu-west-2' }, /^no account lists the region eu-west-2; the nearest lawful choice is/],
    [
      { region: 'us-east-1', account: '222222222222' },
      /^account 222222222222 does not list the region us-east-1;/,
    ],
    [{ region: 'us-east-1', id: 'no.such-model' }, /^the facts do not know no.such-model;/],
    [{ region: 'us-east-1', id: sonnet }, /is not known to be callable in us-east-1;/],
    [{ region: 'us-east-1', id: `eu.${sonnet}` }, /is not known to be callable in us-east-1;/],
  ])('refuses %j', (entry, expected) => {
    expect(resolve({ chat: { candidates: [sonnet], baseline: { us: [entry] } } }).violations).toEqual([
      { path: 'models.chat.baseline.us[0]', message: expect.stringMatching(expected) },
    ]);
  });

  it('refuses a LEGACY model, by name or as a candidate, and takes the next candidate instead', () => {
    const legacy = 'ai21.jamba-1-5-mini-v1:0';
    const named = [{ region: 'us-east-1', id: legacy }];
    for (const model of [
      { candidates: [legacy], baseline: { us: ['us-east-1'] } },
      { candidates: [novaLite], baseline: { us: named } },
    ]) {
      expect(messagesOf({ chat: model })[0]).toContain(`${legacy} is LEGACY`);
    }
    const next = resolve({ chat: { candidates: [legacy, novaLite], baseline: { us: ['us-east-1'] } } });
    expect(next.violations).toEqual([]);
    expect(next.entries[0]?.target).toMatchObject({ modelId: novaLite, position: 1 });
  });

  it('refuses an unknown residency', () => {
    expect(messagesOf({ chat: { candidates: [novaLite], baseline: { mars: ['us-east-1'] } } })).toEqual([
      'models.chat.baseline.mars[0]: there is no residency "mars"; there are us, eu, japan, frankfurt, anywhere',
    ]);
  });

  it('refuses another model for embeddings, whose vectors would not match', () => {
    const other = { region: 'us-east-1', id: 'cohere.embed-english-v3' };
    expect(
      messagesOf({ embed: { kind: 'embedding', candidates: [titan], baseline: { us: [other] } } })[0],
    ).toContain('cannot be mixed');
    expect(
      resolve({ chat: { candidates: [sonnet], baseline: { us: [{ region: 'us-east-1', id: novaLite }] } } })
        .violations,
    ).toEqual([]);
  });

  it('refuses everything when the facts are empty', () => {
    const { entries, violations } = resolveBaselines({ ...acmeConfig(), facts: emptyFacts });
    expect(entries).toEqual([]);
    expect(violations).toHaveLength(13);
  });
});

describe('who is called', () => {
  it('is the account that the entry names, else the first that lists the region', () => {
    const config = parsedConfig({
      ...enterprise,
      models: {
        chat: {
          candidates: [novaLite],
          baseline: { us: ['us-east-1', { region: 'us-east-1', account: '404040404040' }] },
        },
      },
    });
    expect(
      baselineOf(resolveBaselines({ ...config, facts }).entries, 'chat', 'us').map(({ account }) => account),
    ).toEqual(['111111111111', '404040404040']);
  });
});
