/**
 * Generated worlds for the proof that residency holds: regions, models, profiles and endpoints as they truly are, and
 * beside them what AWS lists, what the compiled facts say, and a configuration. The truth is plain data; only
 * `residency-world-judge.ts` draws conclusions from it, and neither shares code with the product's own judgement.
 */
import { parseConfig, type SpillwayConfig, type SpillwayConfigInput } from '#contract/config.ts';
import { type CompiledFacts, compileFacts } from '#core/facts/compile-facts.ts';
import { createDice, type Dice } from './residency-world-dice.ts';

/** Where a profile truly takes a prompt: regions, or anywhere. */
export type TrueDestinations = readonly string[] | 'everywhere';

interface TrueRegion {
  readonly code: string;
  readonly groups: readonly string[];
  /** False: no table of ours knows the region, so no jurisdiction can hold it. */
  readonly known: boolean;
}

export interface TrueProfile {
  readonly id: string;
  readonly modelId: string;
  /** By source region; every region of the world has an entry, listed there or not. */
  readonly destinations: ReadonlyMap<string, TrueDestinations>;
  /** The ARNs that a source region lists; a source without an entry does not list the profile. */
  readonly listed: ReadonlyMap<string, readonly string[]>;
  /** What the facts say by source: never less than the truth, except in a world of stale facts. */
  readonly compiled: ReadonlyMap<string, TrueDestinations>;
}

interface TrueEndpoint {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly model: string;
  readonly warmth: 'warm' | 'warming' | 'cold';
}

export interface ResidencySpecInput {
  readonly jurisdictions?: 'any' | string[];
  readonly regions?: string[];
}

export interface World {
  readonly seed: string;
  readonly regions: readonly TrueRegion[];
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  /** Base model ids. */
  readonly models: readonly string[];
  /** Regions where the plain id of a model can be called. */
  readonly plainRegions: ReadonlyMap<string, readonly string[]>;
  readonly profiles: readonly TrueProfile[];
  readonly endpoints: readonly TrueEndpoint[];
  readonly residencies: Readonly<Record<string, ResidencySpecInput>>;
  readonly gateways: readonly string[];
  /** True: the facts know less of some profiles than AWS lists. Such a world has no baseline, which facts make. */
  readonly staleFacts: boolean;
  readonly facts: CompiledFacts;
  readonly config: SpillwayConfig;
}

/** Code and jurisdictions as in life, with one region per area that only looks like its neighbours. */
const REGION_POOL: readonly { readonly code: string; readonly groups: readonly string[] }[] = [
  { code: 'us-east-1', groups: ['US', 'AMER'] },
  { code: 'us-west-2', groups: ['US', 'AMER'] },
  { code: 'ca-central-1', groups: ['CA', 'AMER'] },
  { code: 'eu-central-1', groups: ['EU', 'EEA'] },
  { code: 'eu-west-1', groups: ['EU', 'EEA'] },
  { code: 'eu-north-1', groups: ['EU', 'EEA'] },
  { code: 'eu-west-2', groups: ['UK'] },
  { code: 'eu-central-2', groups: ['CH'] },
  { code: 'ap-northeast-1', groups: ['JP', 'APAC'] },
  { code: 'ap-northeast-3', groups: ['JP', 'APAC'] },
  { code: 'ap-southeast-2', groups: ['AU', 'APAC'] },
];
const NEW_REGIONS = ['xx-north-9', 'eu-east-7', 'us-south-4'];
const PREFIXES = ['us', 'eu', 'jp', 'apac', 'au', 'zz', 'global'] as const;
const HOME_OF_PREFIX: Readonly<Record<string, string>> = {
  us: 'US',
  eu: 'EU',
  jp: 'JP',
  apac: 'APAC',
  au: 'AU',
};
const JURISDICTIONS = ['US', 'AMER', 'EU', 'EEA', 'UK', 'JP', 'APAC', 'AU', 'NOWHERE'];
const ACCOUNTS = ['111111111111', '222222222222'] as const;

export function createWorld(seed: string): World {
  const dice = createDice(seed);
  const regions = makeRegions(dice);
  const codes = regions.map(({ code }) => code);
  const models = ['acme.alpha-v1:0', 'brook.beta-v2:0'].slice(0, dice.between(1, 2));
  const plainRegions = new Map(models.map((model) => [model, dice.some(codes, 0.5)]));
  const staleFacts = dice.chance(0.2);
  const profiles = models.flatMap((model) => makeProfiles(dice, { model, regions, staleFacts }));
  const accounts = makeAccounts(dice, codes);
  const endpoints = makeEndpoints(dice, accounts);
  const residencies = makeResidencies(dice, regions);
  const gateways = dice.shuffle(codes).slice(0, dice.between(1, 4));
  const truth = {
    regions,
    accounts,
    models,
    plainRegions,
    profiles,
    endpoints,
    residencies,
    gateways,
    staleFacts,
  };
  return { seed, ...truth, facts: factsOf(truth), config: configOf(dice, truth) };
}

type Truth = Omit<World, 'seed' | 'facts' | 'config'>;

function makeRegions(dice: Dice): readonly TrueRegion[] {
  const pool = dice.shuffle(REGION_POOL).slice(0, dice.between(5, 8));
  const regions = pool.map(({ code, groups }) => ({ code, groups, known: dice.chance(0.93) }));
  const fresh = dice.some(NEW_REGIONS, 0.3).map((code) => ({ code, groups: [], known: false }));
  return [...regions, ...fresh];
}

function makeAccounts(dice: Dice, codes: readonly string[]): World['accounts'] {
  const first = dice.atLeastOne(codes, 0.6);
  const rest = codes.filter((code) => !first.includes(code) || dice.chance(0.15));
  const accounts = [{ id: ACCOUNTS[0], regions: first }];
  return rest.length === 0 ? accounts : [...accounts, { id: ACCOUNTS[1], regions: rest }];
}

function makeProfiles(
  dice: Dice,
  options: { readonly model: string; readonly regions: readonly TrueRegion[]; readonly staleFacts: boolean },
): readonly TrueProfile[] {
  const prefixes = dice.shuffle(PREFIXES).slice(0, dice.between(2, 4));
  return prefixes.map((prefix) => makeProfile(dice, { ...options, prefix }));
}

function makeProfile(
  dice: Dice,
  options: {
    readonly model: string;
    readonly prefix: string;
    readonly regions: readonly TrueRegion[];
    readonly staleFacts: boolean;
  },
): TrueProfile {
  const { model, prefix, regions, staleFacts } = options;
  const codes = regions.map(({ code }) => code);
  const home = regions
    .filter(({ groups }) => groups.includes(HOME_OF_PREFIX[prefix] ?? ''))
    .map(({ code }) => code);
  const truthful = dice.chance(0.7) && home.length > 0;
  const shared = truthful ? dice.atLeastOne(home, 0.7) : dice.atLeastOne(codes, 0.35);
  const destinations = new Map<string, TrueDestinations>();
  const listed = new Map<string, readonly string[]>();
  const compiled = new Map<string, TrueDestinations>();
  for (const source of codes) {
    const own = dice.chance(0.6) ? shared : dice.atLeastOne(truthful && dice.chance(0.6) ? home : codes, 0.4);
    const truth = prefix === 'global' || dice.chance(0.08) ? 'everywhere' : own;
    destinations.set(source, truth);
    if (dice.chance(0.75)) listed.set(source, makeArns(dice, model, truth));
    const known = compiledFor(dice, { truth, codes, staleFacts, global: prefix === 'global' });
    if (known !== undefined) compiled.set(source, known);
  }
  return { id: `${prefix}.${model}`, modelId: model, destinations, listed, compiled };
}

/** Facts can say "everywhere" of a global profile only. */
function compiledFor(
  dice: Dice,
  options: {
    readonly truth: TrueDestinations;
    readonly codes: readonly string[];
    readonly staleFacts: boolean;
    readonly global: boolean;
  },
): TrueDestinations | undefined {
  const { truth, codes, staleFacts, global } = options;
  if (global) return 'everywhere';
  if (truth === 'everywhere') return staleFacts && dice.chance(0.5) ? dice.atLeastOne(codes, 0.3) : undefined;
  if (!dice.chance(0.7)) return undefined;
  if (staleFacts && dice.chance(0.4)) return truth.slice(0, Math.max(1, truth.length - 1));
  return dice.chance(0.1) ? [...new Set([...truth, dice.pick(codes)])] : truth;
}

/** ARNs tell the truth or cannot be read: an API that lied in a readable way would be beyond any proof. */
function makeArns(dice: Dice, model: string, truth: TrueDestinations): readonly string[] {
  const arn = (region: string): string => `arn:aws:bedrock:${region}::foundation-model/${model}`;
  if (dice.chance(0.07)) return [];
  const regional = truth === 'everywhere' ? [] : truth.map(arn);
  if (dice.chance(0.06)) {
    return [
      ...regional.slice(1),
      dice.pick(['', 'arn:aws:bedrock', `arn:aws:s3:eu-west-1::bucket/${model}`, arn('Everywhere')]),
    ];
  }
  if (truth !== 'everywhere') return dice.shuffle(regional);
  const beside = dice.chance(0.6) ? [arn(dice.pick(REGION_POOL).code)] : [];
  return dice.shuffle([arn(''), ...beside]);
}

function makeEndpoints(dice: Dice, accounts: World['accounts']): readonly TrueEndpoint[] {
  const count = dice.between(0, 3);
  return Array.from({ length: count }, (_, index) => {
    const account = dice.pick(accounts);
    return {
      account: account.id,
      region: dice.pick(account.regions),
      endpoint: `chat-${index}`,
      model: 'chat',
      warmth: dice.pick(['warm', 'warm', 'warming', 'cold', 'cold'] as const),
    };
  });
}

function makeResidencies(dice: Dice, regions: readonly TrueRegion[]): Record<string, ResidencySpecInput> {
  const codes = regions.map(({ code }) => code);
  const makers: readonly (() => ResidencySpecInput)[] = [
    () => ({ jurisdictions: dice.atLeastOne(JURISDICTIONS, 0.35) }),
    () => ({ jurisdictions: [dice.pick(['US', 'EU', 'JP', 'APAC'])] }),
    () => ({ regions: dice.atLeastOne(codes, 0.6) }),
    () => ({ jurisdictions: [dice.pick(JURISDICTIONS)], regions: dice.atLeastOne(codes, 0.35) }),
    () => ({ jurisdictions: 'any' as const }),
  ];
  const count = dice.between(2, 4);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`zone-${index}`, dice.pick(makers)()]),
  );
}

function factsOf({ regions, models, plainRegions, profiles }: Truth): CompiledFacts {
  const destinationSets: { id: string; regions: readonly string[] }[] = [];
  const rows = profiles.map((profile) => {
    const global = profile.id.startsWith('global.');
    const sets = [...profile.compiled].flatMap(([source, known]) => {
      if (known === 'everywhere') return [];
      const id = `${profile.id}@${source}`;
      destinationSets.push({ id, regions: known });
      return [[source, id]];
    });
    return {
      id: profile.id,
      geo: profile.id.slice(0, profile.id.indexOf('.')),
      modelId: profile.modelId,
      destinationsBySource: global ? null : Object.fromEntries(sets),
      sources: global ? [...profile.compiled.keys()] : null,
    };
  });
  return compileFacts({
    regions: {
      regions: regions
        .filter(({ known }) => known)
        .map(({ code, groups }) => ({ code, groups, country: groups[0] ?? '' })),
    },
    catalogue: {
      models: models.map((id) => ({
        id,
        input: ['TEXT'],
        output: ['TEXT'],
        streaming: true,
        lifecycle: 'ACTIVE',
        endOfLifeOn: null,
        contextTokensMax: null,
        outputTokensMax: null,
        onDemandRegions: plainRegions.get(id) ?? [],
        retentionMode: null,
      })),
    },
    profiles: { destinationSets, profiles: rows },
  });
}

/** One logical model, `chat`, and tenants who may use some of the residencies. */
function configOf(dice: Dice, truth: Truth): SpillwayConfig {
  const { accounts, endpoints, residencies, gateways, models, staleFacts, regions } = truth;
  const names = Object.keys(residencies);
  const codes = regions.map(({ code }) => code);
  const baseline = Object.fromEntries(
    staleFacts ? [] : dice.some(names, 0.85).map((name) => [name, dice.atLeastOne(codes, 0.5).slice(0, 4)]),
  );
  const tenant = (): NonNullable<SpillwayConfigInput['tenants']>[string] => {
    const allowed = dice.atLeastOne(names, 0.5);
    return { residencies: allowed, ...(dice.chance(0.8) ? { defaultResidency: dice.pick(allowed) } : {}) };
  };
  const parsed = parseConfig({
    name: 'world',
    home: { account: ACCOUNTS[0], region: accounts[0]?.regions[0] ?? 'us-east-1' },
    accounts: accounts.map(({ id, regions: own }) => ({ id, regions: [...own], traffic: dice.chance(0.3) })),
    gateways: [...gateways],
    residencies,
    models: {
      chat: {
        candidates: [...models],
        dedicated: endpoints.map(({ account, region, endpoint }) => ({ account, region, endpoint })),
        baseline,
      },
    },
    tenants: { north: tenant(), south: tenant() },
    verify: { enabled: false },
  } satisfies SpillwayConfigInput);
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('; '));
}
