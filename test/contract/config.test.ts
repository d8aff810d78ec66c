import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig, type SpillwayConfigInput } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

const smallest: SpillwayConfigInput = {
  name: 'small',
  home: { account: '111111111111', region: 'us-east-1' },
  accounts: [{ id: '111111111111', regions: ['us-east-1'] }],
  gateways: ['us-east-1'],
  residencies: { us: { jurisdictions: ['US'] } },
  models: { chat: { candidates: ['amazon.nova-lite-v1:0'] } },
};

const defaultLanes = {
  interactive: { blockedShareMax: 0.015, offeredShare: 0.4 },
  standard: { blockedShareMax: 0.15, offeredShare: 0.35, slotShareMin: 0.9, turnShareMin: 0.1 },
  bulk: { offeredShare: 0.5, slotShareMin: 0.8, turnShareMin: 0.1 },
  waitShareMax: 0.1,
};

const parsed = (input: unknown) => {
  const result = parseConfig(input);
  if (!result.ok) throw new Error(JSON.stringify(result.violations));
  return result.config;
};

describe('a configuration', () => {
  it('gets every default', () => {
    expect(parsed(smallest)).toEqual({
      ...smallest,
      accounts: [{ id: '111111111111', regions: ['us-east-1'], traffic: false }],
      residencies: { us: { jurisdictions: ['US'], retention: 'none' } },
      models: {
        chat: {
          kind: 'chat',
          candidates: [{ id: 'amazon.nova-lite-v1:0' }],
          dedicated: [],
          baseline: {},
          deadlines: {
            connectMs: 1000,
            firstContentMs: 10_000,
            dedicatedFirstContentMs: 5000,
            betweenTokensMs: 15_000,
            totalMs: 300_000,
          },
        },
      },
      gatewayUrls: {},
      tenants: {},
      frontDoor: { kind: 'rest-api', authorization: 'keys' },
      gatewayFunction: { memoryMebibytes: 1024, logRetentionDays: 180 },
      gatewayNetworks: {},
      webFunctions: {},
      slo: { availability: 0.999, firstTokenMs: 2_000, firstTokenShare: 0.95 },
      observability: { createSinks: false, dashboards: true, sinks: {} },
      console: { enabled: true },
      operators: { principals: [], tokens: [] },
      keys: { pepperOverlap: false },
      deadlines: {
        connectMs: 1000,
        firstContentMs: 10_000,
        dedicatedFirstContentMs: 5000,
        betweenTokensMs: 15_000,
        totalMs: 300_000,
      },
      lanes: defaultLanes,
      batches: { dispatchersMax: 10, enabled: true, linesInFlight: 16, retentionDays: 30 },
      capacity: {
        remoteShare: 0.1,
        safeShare: 0,
        spill: { shareMax: 0.8, waitShareMax: 0.1, bulkWaitShareMax: 0.5, returnShareMin: 1 / 16 },
      },
      chains: { preWarm: true, chainsMin: 3, neededShareMin: 0.5, termsFromTable: false },
      guard: { vanishShareMax: 0.3, ageSecondsMax: 900 },
      discovery: { everySeconds: 60, tracked: [], applicationProfiles: false, ratePerSecond: 5 },
      state: { keys: {}, existing: { routes: false, tenants: false } },
      verify: { enabled: true, costUsdPerDayMax: 1 },
      audit: { enabled: false, retentionDays: 184, mode: 'governance' },
      metrics: { budgetUsdPerMonth: 200 },
    });
  });

  it('gives the same again when its JSON is parsed', () => {
    for (const input of [smallest, acme]) {
      const config = parsed(input);
      expect(parsed(JSON.parse(JSON.stringify(config)))).toEqual(config);
    }
  });

  it('takes candidates and baseline entries as strings or objects', () => {
    const models = {
      chat: {
        candidates: ['a.one', { id: 'a.two', retention: 'provider-data-share' as const }],
        baseline: { us: ['us-east-1', { region: 'us-east-1', account: '111111111111', id: 'a.one' }] },
      },
    };
    expect(parsed({ ...smallest, models }).models.chat).toMatchObject({
      candidates: [{ id: 'a.one' }, { id: 'a.two', retention: 'provider-data-share' }],
      baseline: {
        us: [{ region: 'us-east-1' }, { region: 'us-east-1', account: '111111111111', id: 'a.one' }],
      },
    });
  });

  it('completes the deadlines of a model with the global ones', () => {
    const models = { chat: { candidates: ['a.one'], deadlines: { totalMs: 20_000 } } };
    const config = parsed({ ...smallest, models, deadlines: { connectMs: 500, totalMs: 60_000 } });
    expect(config.models.chat?.deadlines).toEqual({
      connectMs: 500,
      firstContentMs: 10_000,
      dedicatedFirstContentMs: 5000,
      betweenTokensMs: 15_000,
      totalMs: 20_000,
    });
  });
});

describe('a malformed configuration', () => {
  it('fails with all violations at once', () => {
    const result = parseConfig({
      ...smallest,
      name: 'Bad Name',
      gateways: [],
      colour: 'red',
      home: { account: 1 },
    });
    expect(result.ok ? [] : result.violations.map(({ path }) => path)).toEqual([
      'name',
      'home.account',
      'home.region',
      'gateways',
      'colour',
    ]);
  });

  it('refuses settings that nothing reads, by name', () => {
    const endpoint = { account: '111111111111', region: 'us-east-1', endpoint: 'gpu' };
    const violationsOf = (model: object) => {
      const result = parseConfig({ ...smallest, models: { chat: model } });
      return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
    };
    expect(violationsOf({ candidates: ['a.one'], commitAfterMs: 0 })).toEqual([
      expect.stringMatching(/^models\.chat\.commitAfterMs: is not a setting; known here: kind, candidates/),
    ]);
    expect(violationsOf({ dedicated: [{ ...endpoint, usdPerHour: 4 }] })).toEqual([
      expect.stringMatching(/^models\.chat\.dedicated\[0\]\.usdPerHour: is not a setting/),
    ]);
    expect(violationsOf({ dedicated: [{ ...endpoint, api: 'openai' }] })).toEqual([]);
    expect(violationsOf({ dedicated: [{ ...endpoint, api: 'grpc', chatTemplate: 'alpaca' }] })).toEqual([
      'models.chat.dedicated[0].api: "grpc" must be "openai" or "tgi"',
      expect.stringMatching(/chatTemplate: "alpaca" must be one of "chatml", "llama-3"/),
    ]);
    expect(violationsOf({ dedicated: [{ ...endpoint, api: 'tgi', chatTemplate: 'chatml' }] })).toEqual([]);
  });

  it('is refused, never thrown over, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (input) => {
          const result = parseConfig(input);
          expect(result.ok).toBe(false);
          if (!result.ok) expect(result.violations.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('is refused when it goes round in a circle', () => {
    const circle: Record<string, unknown> = { id: '111111111111' };
    circle.regions = circle;
    const result = parseConfig({ ...smallest, accounts: [circle] });
    expect(result).toMatchObject({
      violations: [{ path: 'accounts[0].regions', message: 'an object must list at least one region' }],
    });
  });

  it('names the place of any damage that is done to a good one', () => {
    const damages: readonly (readonly [string, unknown])[] = [
      ['accounts[0].id', { ...smallest, accounts: [{ id: '12', regions: ['us-east-1'] }] }],
      ['accounts[0].regions[0]', { ...smallest, accounts: [{ id: '111111111111', regions: ['US'] }] }],
      [
        'accounts[0].traffic',
        { ...smallest, accounts: [{ id: '111111111111', regions: ['us-east-1'], traffic: 1 }] },
      ],
      ['gatewayUrls.us-east-1', { ...smallest, gatewayUrls: { 'us-east-1': 'http://llm.example.com/' } }],
      ['gatewayUrls.home', { ...smallest, gatewayUrls: { home: 'https://llm.example.com' } }],
      ['residencies.us', { ...smallest, residencies: { us: {} } }],
      ['residencies.US', { ...smallest, residencies: { US: { jurisdictions: 'any' } } }],
      [
        'residencies.us.jurisdictions[1]',
        { ...smallest, residencies: { us: { jurisdictions: ['US', 'eu'] } } },
      ],
      ['residencies.us.regions[0]', { ...smallest, residencies: { us: { regions: ['*'] } } }],
      ['models.chat.kind', { ...smallest, models: { chat: { kind: 'image', candidates: ['a.b'] } } }],
      ['models.chat.candidates[0]', { ...smallest, models: { chat: { candidates: [''] } } }],
      [
        'models.chat.baseline.us[0].region',
        { ...smallest, models: { chat: { candidates: ['a.b'], baseline: { us: [{}] } } } },
      ],
      [
        'models.chat.dedicated[0].endpoint',
        {
          ...smallest,
          models: { chat: { dedicated: [{ account: '111111111111', region: 'us-east-1', endpoint: '-' }] } },
        },
      ],
      [
        'models.chat.deadlines.totalMs',
        { ...smallest, models: { chat: { candidates: ['a.b'], deadlines: { totalMs: 0 } } } },
      ],
      ['tenants.one.residencies', { ...smallest, tenants: { one: { residencies: [] } } }],
      ['deadlines.connectMs', { ...smallest, deadlines: { connectMs: 1.5 } }],
      ['guard.vanishShareMax', { ...smallest, guard: { vanishShareMax: 1.1 } }],
      ['discovery.everySeconds', { ...smallest, discovery: { everySeconds: '60' } }],
      ['verify.enabled', { ...smallest, verify: { enabled: 'yes' } }],
      ['metrics.budgetUsdPerMonth', { ...smallest, metrics: { budgetUsdPerMonth: Number.NaN } }],
    ];
    for (const [path, input] of damages) {
      const result = parseConfig(input);
      expect(result.ok ? [] : result.violations.map((violation) => violation.path), path).toEqual([path]);
    }
  });
});
