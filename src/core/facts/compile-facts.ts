/**
 * core/facts: what the product knows without asking AWS, as look-ups over plain JSON that a caller passes in.
 *
 * Invariant: a fact that is absent answers "unknown" (undefined, null, false for an offer), never a guess, and empty
 * facts are lawful. Facts feed the baseline, jurisdictions, prices, capabilities and the residency veto; routes come
 * from observations. The folder owns no state: what is compiled never changes.
 */
import type { EngineFacts } from '../kv/described-engine.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import type { Capabilities, Pricing } from '../target.ts';
import { compileBurndowns, type QuotaLookups, type QuotasInput } from './compile-burndowns.ts';
import { compileEngines, type EnginesInput } from './compile-engines.ts';
import { compilePrices, type PricedCall, type PricesInput } from './compile-prices.ts';

/** The parsed data/regions.json. */
export interface RegionsInput {
  readonly regions: readonly {
    readonly code: string;
    readonly country: string;
    readonly groups: readonly string[];
    /** @default false */
    readonly optIn?: boolean;
  }[];
}

/** The parsed data/catalogue.json. */
export interface CatalogueInput {
  readonly models: readonly ModelRow[];
}

interface ModelRow {
  readonly id: string;
  readonly input: readonly string[] | null;
  readonly output: readonly string[] | null;
  readonly streaming: boolean | null;
  readonly lifecycle: string;
  readonly endOfLifeOn: string | null;
  readonly contextTokensMax: number | null;
  readonly outputTokensMax: number | null;
  readonly onDemandRegions: readonly string[] | null;
  readonly retentionMode: string | null;
}

/** A value, and the sources that say so. Null, or no fact at all, is unknown: tried and learned. */
type Fact = readonly unknown[] | undefined;

const abilities = [
  'tools',
  'streamedTools',
  'parallelTools',
  'toolChoiceAny',
  'toolChoiceNamed',
  'jsonSchema',
  'documents',
  'systemPrompts',
] as const;

type CapabilityRow = { readonly id: string; readonly reasoning?: Fact; readonly serviceTiers?: Fact } & {
  readonly [Ability in (typeof abilities)[number]]?: Fact;
};

/** The parsed data/capabilities.json. */
export interface CapabilitiesInput {
  readonly models: readonly CapabilityRow[];
}

/** The parsed data/profiles.json. */
export interface ProfilesInput {
  readonly destinationSets: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly profiles: readonly ProfileRow[];
}

interface ProfileRow {
  readonly id: string;
  readonly geo: string;
  readonly modelId: string;
  readonly destinationsBySource?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly sources?: readonly string[] | null | undefined;
}

/** What the facts say of a model; every member may be unknown. */
interface ModelFacts {
  readonly capabilities: Capabilities;
  readonly contextTokensMax: number | null;
  readonly outputTokensMax: number | null;
}

export interface CompiledFacts extends EngineFacts, QuotaLookups {
  /** Every region that the facts know, sorted. */
  readonly regions: readonly string[];
  /** Every jurisdiction code that a residency may name, sorted. */
  readonly jurisdictions: readonly string[];
  /** Every model id that the facts know, sorted. */
  readonly models: readonly string[];
  /** Undefined for a region that the facts do not know. */
  jurisdictionsOf(region: string): readonly string[] | undefined;
  /** ISO 3166 code of the region's country. Undefined for an unknown region. */
  countryOf(region: string): string | undefined;
  /** Whether an account must enable the region before it can call it. False for an unknown region. */
  isOptIn(region: string): boolean;
  /** Regions of a jurisdiction, sorted. Empty for an unknown jurisdiction. */
  regionsOf(jurisdiction: string): readonly string[];
  /** True only where the plain model id is known to be callable on demand. */
  plainOffered(modelId: string, region: string): boolean;
  /** Regions in which the plain model id is known to be callable, sorted. */
  plainRegionsOf(modelId: string): readonly string[];
  /** Destinations of a profile as called from a source region; `['*']` for a global one; undefined if unknown. */
  destinationsOf(profileId: string, sourceRegion: string): readonly string[] | undefined;
  /** Ids of the model's profiles that are known to be callable from a source region, sorted. */
  profilesFor(modelId: string, sourceRegion: string): readonly string[];
  /** Source regions of a profile, sorted. Empty if unknown. */
  sourcesOf(profileId: string): readonly string[];
  /** The base model of a profile; undefined if unknown. */
  modelOfProfile(profileId: string): string | undefined;
  /** Undefined where no price is known. */
  priceOf(modelId: string, call: PricedCall): Pricing | undefined;
  capabilitiesOf(modelId: string): ModelFacts;
  /** `ACTIVE`, `LEGACY`, or undefined for a model that the facts do not know. */
  lifecycleOf(modelId: string): string | undefined;
  /** The account data-retention mode that the model demands; undefined for none. */
  retentionModeOf(modelId: string): string | undefined;
  /** ISO 8601 UTC; undefined if unknown. */
  endOfLifeTimeOf(modelId: string): string | undefined;
}

/** Each part may be left out: the look-ups then answer "unknown". */
export function compileFacts(input: {
  readonly regions?: RegionsInput;
  readonly catalogue?: CatalogueInput;
  readonly capabilities?: CapabilitiesInput;
  readonly profiles?: ProfilesInput;
  readonly prices?: PricesInput;
  readonly engines?: EnginesInput;
  readonly quotas?: QuotasInput;
}): CompiledFacts {
  return {
    ...regionFacts(input.regions?.regions ?? []),
    ...modelFacts(input.catalogue?.models ?? [], input.capabilities?.models ?? []),
    ...profileFacts(input.profiles ?? { destinationSets: [], profiles: [] }),
    ...compileEngines(input.engines ?? { models: [], gpus: [], instances: [] }),
    ...compileBurndowns(input.quotas ?? { outputBurndowns: [] }),
    priceOf: compilePrices(input.prices ?? { prices: [], aliases: [] }),
  };
}

type RegionLookups = Pick<
  CompiledFacts,
  'regions' | 'jurisdictions' | 'jurisdictionsOf' | 'countryOf' | 'isOptIn' | 'regionsOf'
>;

function regionFacts(rows: RegionsInput['regions']): RegionLookups {
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const byJurisdiction = new Map<string, string[]>();
  for (const row of rows) {
    for (const group of row.groups)
      byJurisdiction.set(group, [...(byJurisdiction.get(group) ?? []), row.code].sort());
  }
  return {
    regions: [...byCode.keys()].sort(),
    jurisdictions: [...byJurisdiction.keys()].sort(),
    jurisdictionsOf: (region) => byCode.get(region)?.groups,
    countryOf: (region) => byCode.get(region)?.country,
    isOptIn: (region) => byCode.get(region)?.optIn === true,
    regionsOf: (jurisdiction) => byJurisdiction.get(jurisdiction) ?? [],
  };
}

type ModelLookups = Pick<
  CompiledFacts,
  | 'models'
  | 'plainOffered'
  | 'plainRegionsOf'
  | 'capabilitiesOf'
  | 'lifecycleOf'
  | 'endOfLifeTimeOf'
  | 'retentionModeOf'
>;

function modelFacts(rows: readonly ModelRow[], capabilities: readonly CapabilityRow[]): ModelLookups {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const capabilitiesById = new Map(capabilities.map((row) => [row.id, row]));
  const plain = new Map(rows.map((row) => [row.id, new Set(row.onDemandRegions ?? [])]));
  return {
    models: [...byId.keys()].sort(),
    retentionModeOf: (modelId) => byId.get(modelId)?.retentionMode ?? undefined,
    plainOffered: (modelId, region) => plain.get(modelId)?.has(region) ?? false,
    plainRegionsOf: (modelId) => [...(plain.get(modelId) ?? [])].sort(),
    capabilitiesOf: (modelId) => capabilitiesOfRow(byId.get(modelId), capabilitiesById.get(modelId)),
    lifecycleOf: (modelId) => byId.get(modelId)?.lifecycle,
    endOfLifeTimeOf: (modelId) => {
      const day = byId.get(modelId)?.endOfLifeOn ?? undefined;
      return day === undefined ? undefined : `${day}T00:00:00.000Z`;
    },
  };
}

function capabilitiesOfRow(row: ModelRow | undefined, known: CapabilityRow | undefined): ModelFacts {
  return {
    capabilities: {
      ...(row?.input == null ? {} : { input: row.input }),
      ...(row?.output == null ? {} : { output: row.output }),
      ...(row?.streaming == null ? {} : { streaming: row.streaming }),
      ...Object.fromEntries(abilities.flatMap((name) => knownAbility(name, known?.[name]))),
      ...knownList('reasoning', known?.reasoning),
      ...knownList('serviceTiers', known?.serviceTiers),
    },
    contextTokensMax: row?.contextTokensMax ?? null,
    outputTokensMax: row?.outputTokensMax ?? null,
  };
}

function knownAbility(name: string, fact: Fact): readonly (readonly [string, boolean])[] {
  const value = fact?.[0];
  return typeof value === 'boolean' ? [[name, value]] : [];
}

function knownList(name: 'reasoning' | 'serviceTiers', fact: Fact): Capabilities {
  const value = fact?.[0];
  return Array.isArray(value) ? { [name]: value } : {};
}

type ProfileLookups = Pick<CompiledFacts, 'destinationsOf' | 'profilesFor' | 'sourcesOf' | 'modelOfProfile'>;

function profileFacts(input: ProfilesInput): ProfileLookups {
  const sets = new Map(input.destinationSets.map((row) => [row.id, row.regions]));
  const byId = new Map(input.profiles.map((row) => [row.id, row]));
  const sourcesById = new Map(input.profiles.map((row) => [row.id, sourcesOfRow(row)]));
  const idsByCall = new Map<string, string[]>();
  for (const row of input.profiles) {
    for (const source of sourcesById.get(row.id) ?? []) {
      const call = `${row.modelId} ${source}`;
      idsByCall.set(call, [...(idsByCall.get(call) ?? []), row.id].sort());
    }
  }
  return {
    destinationsOf: (profileId, sourceRegion) => {
      const row = byId.get(profileId);
      if (row?.geo === 'global') return [EVERYWHERE];
      const set = row?.destinationsBySource?.[sourceRegion];
      return set === undefined ? undefined : sets.get(set);
    },
    profilesFor: (modelId, sourceRegion) => idsByCall.get(`${modelId} ${sourceRegion}`) ?? [],
    modelOfProfile: (profileId) => byId.get(profileId)?.modelId,
    sourcesOf: (profileId) => sourcesById.get(profileId) ?? [],
  };
}

function sourcesOfRow(row: ProfileRow): readonly string[] {
  if (row.geo === 'global') return [...(row.sources ?? [])].sort();
  const entries = Object.entries(row.destinationsBySource ?? {});
  return entries.flatMap(([source, set]) => (set === undefined ? [] : [source])).sort();
}
