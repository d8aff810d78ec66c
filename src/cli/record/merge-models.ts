import { sortedById } from '../../../scripts/facts-file.ts';
import { groupBy } from '../availability/build-matrix.ts';
import type {
  CatalogueFile,
  ModelFactRow,
  ProfileFactRow,
  RecordedModel,
  RecordedRegion,
} from './recorded-answers.ts';

export interface ModelMerge {
  readonly before: CatalogueFile;
  readonly recorded: readonly RecordedRegion[];
  /** The profile facts after the same recording: they tell in which regions only a global profile is left. */
  readonly profiles: readonly ProfileFactRow[];
  /** `YYYY-MM-DD`, for rows that changed. */
  readonly today: string;
}

/** The model facts after a recording: each well answered region offers exactly the models that it listed. */
export function mergeModels(merge: ModelMerge): CatalogueFile['models'] {
  const { before, recorded, today } = merge;
  const answered = recorded.flatMap(({ region, models }) =>
    models === undefined ? [] : [{ region, models }],
  );
  const sightings = groupBy(
    answered.flatMap(({ region, models }) => models.map((model) => ({ region, model }))),
    ({ model }) => model.modelId,
  );
  const regions = new Set(answered.map(({ region }) => region));
  const rows = new Map(before.models.map((row) => [row.id, row]));
  for (const id of new Set([...rows.keys(), ...sightings.keys()])) {
    const seen = sightings.get(id) ?? [];
    const old = rows.get(id) ?? (seen[0] === undefined ? undefined : newRow(seen[0].model, today));
    if (old === undefined) continue;
    const offered = withOffers({ row: old, seen, regions, profiles: merge.profiles });
    const row = withFacts(
      offered,
      seen.map(({ model }) => model),
    );
    rows.set(id, JSON.stringify(row) === JSON.stringify(old) ? old : { ...row, asOf: today });
  }
  return [...sortedById(rows.values())];
}

interface Sighting {
  readonly region: string;
  readonly model: RecordedModel;
}

function newRow(model: RecordedModel, today: string): ModelFactRow {
  return {
    id: model.modelId,
    provider: model.provider,
    name: model.name,
    input: [...model.input],
    output: [...model.output],
    streaming: model.streaming ?? null,
    inferenceTypes: [],
    customizations: [],
    lifecycle: model.lifecycle,
    launchedOn: null,
    legacyOn: null,
    publicExtendedAccessOn: null,
    endOfLifeOn: null,
    contextTokensMax: null,
    outputTokensMax: null,
    endpoints: ['bedrock-runtime'],
    onDemandRegions: [],
    profileOnlyRegions: [],
    globalOnlyRegions: [],
    onDemandOrMantleRegions: [],
    mantleRegions: [],
    retentionMode: null,
    asOf: today,
  };
}

/** Where the model is offered, and how: regions that did not answer keep what was known of them. */
function withOffers(options: {
  readonly row: ModelFactRow;
  readonly seen: readonly Sighting[];
  readonly regions: ReadonlySet<string>;
  readonly profiles: readonly ProfileFactRow[];
}): ModelFactRow {
  const { row, seen, regions, profiles } = options;
  const regionsWith = (matches: (types: readonly string[]) => boolean) =>
    seen.filter(({ model }) => matches(model.inferenceTypes)).map(({ region }) => region);
  const merged = (old: readonly string[] | null, now: readonly string[]): string[] | null =>
    old === null && now.length === 0
      ? null
      : [...new Set([...(old ?? []).filter((region) => !regions.has(region)), ...now])].sort();
  const plain = regionsWith((types) => types.includes('ON_DEMAND'));
  const profileOnly = regionsWith(
    (types) => !types.includes('ON_DEMAND') && types.includes('INFERENCE_PROFILE'),
  );
  const profileOnlyRegions = merged(row.profileOnlyRegions, profileOnly);
  const own = profiles.filter((profile) => profile.modelId === row.id);
  return {
    ...row,
    onDemandRegions: merged(row.onDemandRegions, plain),
    profileOnlyRegions,
    globalOnlyRegions: (profileOnlyRegions ?? []).filter((region) =>
      regions.has(region)
        ? (isGlobalOnly(own, region) ?? row.globalOnlyRegions.includes(region))
        : row.globalOnlyRegions.includes(region),
    ),
    // Only a plain offer settles it: a model listed for its profiles may still stand behind the other endpoint.
    onDemandOrMantleRegions: row.onDemandOrMantleRegions.filter((region) => !plain.includes(region)),
  };
}

/** Undefined where no profile is known to be callable from the region: then nothing new is known of it. */
function isGlobalOnly(profiles: readonly ProfileFactRow[], region: string): boolean | undefined {
  if (profiles.some((profile) => profile.destinationsBySource?.[region] !== undefined)) return false;
  return profiles.some((profile) => profile.sources?.includes(region) === true) ? true : undefined;
}

/** What the lists say of the model itself. What they do not say stays as it was. */
function withFacts(row: ModelFactRow, seen: readonly RecordedModel[]): ModelFactRow {
  const [first] = seen;
  if (first === undefined) return row;
  const latest = (read: (model: RecordedModel) => string | undefined, old: string | null): string | null =>
    seen.map(read).find((value) => value !== undefined) ?? old;
  const types = new Set(seen.flatMap((model) => model.inferenceTypes));
  const customizations = new Set(seen.flatMap((model) => model.customizations));
  return {
    ...row,
    provider: first.provider === '' ? row.provider : first.provider,
    name: first.name === '' ? row.name : first.name,
    input: sameOr(row.input, first.input),
    output: sameOr(row.output, first.output),
    streaming: first.streaming ?? row.streaming,
    inferenceTypes: [...new Set([...row.inferenceTypes, ...[...types].sort()])],
    customizations: [...new Set([...row.customizations, ...[...customizations].sort()])],
    lifecycle: seen.every((model) => model.lifecycle === first.lifecycle) ? first.lifecycle : 'ACTIVE',
    launchedOn: latest((model) => model.launchedOn, row.launchedOn),
    legacyOn: latest((model) => model.legacyOn, row.legacyOn),
    publicExtendedAccessOn: latest((model) => model.publicExtendedAccessOn, row.publicExtendedAccessOn),
    endOfLifeOn: latest((model) => model.endOfLifeOn, row.endOfLifeOn),
  };
}

/** Keeps the known order of a set that did not change; an empty answer says nothing. */
function sameOr(old: readonly string[] | null, now: readonly string[]): string[] | null {
  if (now.length === 0) return old === null ? null : [...old];
  const same = old !== null && [...old].sort().join() === [...now].sort().join();
  return [...(same ? old : now)];
}
