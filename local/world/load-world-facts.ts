import { readFileSync } from 'node:fs';
import { EVERYWHERE, type Lifecycle, type ModelFact, type ProfileFact, type WorldFacts } from './facts.ts';

interface ModelRow {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly input: readonly string[] | null;
  readonly output: readonly string[] | null;
  readonly streaming: boolean | null;
  readonly inferenceTypes: readonly string[];
  readonly customizations: readonly string[];
  readonly lifecycle: string;
  readonly launchedOn: string | null;
  readonly legacyOn: string | null;
  readonly publicExtendedAccessOn: string | null;
  readonly endOfLifeOn: string | null;
  readonly contextTokensMax: number | null;
  readonly outputTokensMax: number | null;
  readonly endpoints: readonly string[];
  readonly onDemandRegions: readonly string[] | null;
  readonly profileOnlyRegions: readonly string[] | null;
}

/** Each fact is a value and its sources. */
interface CapabilityRow {
  readonly id: string;
  readonly jsonSchema?: readonly unknown[];
  readonly toolChoiceAny?: readonly unknown[];
  readonly toolChoiceNamed?: readonly unknown[];
}

interface ProfileRow {
  readonly id: string;
  readonly geo: string;
  readonly modelId: string;
  readonly destinationsBySource?: Readonly<Record<string, string>> | null;
  readonly sources?: readonly string[] | null;
}

interface DestinationSet {
  readonly id: string;
  readonly regions: readonly string[];
}

/** Reads catalogue.json, capabilities.json and profiles.json of data/ in this repository, or of another folder of that form. */
export function loadWorldFacts(folder: URL = new URL('../../data/', import.meta.url)): WorldFacts {
  const catalogue = readJson<{ models: readonly ModelRow[] }>(folder, 'catalogue.json');
  const profiles = readJson<{ destinationSets: readonly DestinationSet[]; profiles: readonly ProfileRow[] }>(
    folder,
    'profiles.json',
  );
  const capabilities = readJson<{ models: readonly CapabilityRow[] }>(folder, 'capabilities.json');
  const abilities = new Map(capabilities.models.map((row) => [row.id, row]));
  const models = catalogue.models.map((row) => modelFact(row, abilities.get(row.id)));
  const byId = new Map(models.map((model) => [model.modelId, model]));
  const sets = new Map(profiles.destinationSets.map((set) => [set.id, set.regions]));
  return {
    models,
    profiles: profiles.profiles.map((row) => profileFact(row, sets, byId.get(row.modelId))),
  };
}

function readJson<T>(folder: URL, name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
}

/**
 * A row of another endpoint, or one whose regions nobody has sourced, is known but offered nowhere. Where nobody has
 * sourced what it takes and gives, it takes and gives text.
 */
function modelFact(row: ModelRow, abilities?: CapabilityRow): ModelFact {
  const offered = row.endpoints.includes('bedrock-runtime');
  return {
    modelId: row.id,
    provider: row.provider,
    name: row.name,
    input: row.input ?? ['TEXT'],
    output: row.output ?? ['TEXT'],
    streaming: row.streaming ?? true,
    inferenceTypes: row.inferenceTypes,
    customizations: row.customizations,
    lifecycle: lifecycleOf(row),
    contextTokensMax: row.contextTokensMax,
    outputTokensMax: row.outputTokensMax,
    onDemandRegions: offered ? (row.onDemandRegions ?? []) : [],
    profileOnlyRegions: offered ? (row.profileOnlyRegions ?? []) : [],
    structuredOutputs: abilities?.jsonSchema?.[0] === true,
    refusedToolChoices: [
      ...(abilities?.toolChoiceAny?.[0] === false ? (['any'] as const) : []),
      ...(abilities?.toolChoiceNamed?.[0] === false ? (['tool'] as const) : []),
    ],
  };
}

function lifecycleOf(row: ModelRow): Lifecycle {
  return {
    status: row.lifecycle,
    ...(row.launchedOn ? { startOfLifeTime: new Date(row.launchedOn) } : {}),
    ...(row.legacyOn ? { legacyTime: new Date(row.legacyOn) } : {}),
    ...(row.publicExtendedAccessOn ? { publicExtendedAccessTime: new Date(row.publicExtendedAccessOn) } : {}),
    ...(row.endOfLifeOn ? { endOfLifeTime: new Date(row.endOfLifeOn) } : {}),
  };
}

/**
 * A global profile without a list of sources stands wherever its model stands, for its destinations are known to
 * be everywhere. A geographic one without destinations stands nowhere: its answer could only be invented.
 */
function profileFact(
  row: ProfileRow,
  sets: ReadonlyMap<string, readonly string[]>,
  model: ModelFact | undefined,
): ProfileFact {
  const destinations: Record<string, readonly string[] | typeof EVERYWHERE> = {};
  if (row.geo === 'global') {
    const sources = row.sources ?? [...(model?.onDemandRegions ?? []), ...(model?.profileOnlyRegions ?? [])];
    for (const source of sources) destinations[source] = EVERYWHERE;
  }
  for (const [source, set] of Object.entries(row.destinationsBySource ?? {})) {
    const regions = sets.get(set);
    if (!regions)
      throw new Error(`data/profiles.json: ${row.id} names the destination set ${set}, which is not there`);
    destinations[source] = regions;
  }
  return { profileId: row.id, modelId: row.modelId, destinationsBySource: destinations };
}
