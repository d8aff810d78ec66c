import { EVERYWHERE, geoPrefixOf, reachFromModelArns } from '#core/residency/reach.ts';
import { sortedById } from '../../../scripts/facts-file.ts';
import type { ProfileFactRow, ProfilesFile, RecordedProfile, RecordedRegion } from './recorded-answers.ts';

/**
 * The profile facts after a recording: each well answered source region has exactly the profiles that it listed; every
 * other one keeps what was known. A profile whose ARNs cannot be read is left as it was.
 */
export function mergeProfiles(
  before: ProfilesFile,
  recorded: readonly RecordedRegion[],
): Pick<ProfilesFile, 'destinationSets' | 'profiles'> {
  const sets = new DestinationSets(before.destinationSets);
  const rows = new Map(before.profiles.map((row) => [row.id, row]));
  for (const { region, profiles } of recorded) {
    if (profiles === undefined) continue;
    const listed = new Set(profiles.map((profile) => profile.profileId));
    for (const [id, row] of rows) if (!listed.has(id)) rows.set(id, withoutSource(row, region));
    for (const profile of profiles) {
      const row = withSource({ row: rows.get(profile.profileId), profile, region, sets });
      if (row !== undefined) rows.set(row.id, row);
    }
  }
  return { destinationSets: [...sets.rows()], profiles: [...sortedById(rows.values())] };
}

function withoutSource(row: ProfileFactRow, region: string): ProfileFactRow {
  if (row.sources?.includes(region) === true)
    return { ...row, sources: row.sources.filter((source) => source !== region) };
  if (row.destinationsBySource?.[region] === undefined) return row;
  const { [region]: _gone, ...kept } = row.destinationsBySource;
  return { ...row, destinationsBySource: kept };
}

function withSource(options: {
  readonly row: ProfileFactRow | undefined;
  readonly profile: RecordedProfile;
  readonly region: string;
  readonly sets: DestinationSets;
}): ProfileFactRow | undefined {
  const { row, profile, region, sets } = options;
  const reach = reachFromModelArns({ sourceRegion: region, modelArns: profile.modelArns });
  const modelId = profile.modelArns[0]?.split('foundation-model/')[1];
  if (reach === undefined || modelId === undefined) return undefined;
  const head = row ?? { id: profile.profileId, geo: geoPrefixOf(profile.profileId), modelId };
  if (reach.includes(EVERYWHERE))
    return { ...head, sources: [...new Set([...(row?.sources ?? []), region])].sort() };
  const destinations = profile.modelArns.map((arn) => arn.split(':')[3] ?? '');
  const bySource = { ...row?.destinationsBySource, [region]: sets.idOf(destinations) };
  return { ...head, destinationsBySource: sortedByKey(bySource) };
}

function sortedByKey(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Named sets keep their ids for ever, so that a refresh does not rename what did not change. */
class DestinationSets {
  readonly #idByRegions: Map<string, string>;

  constructor(rows: ProfilesFile['destinationSets']) {
    this.#idByRegions = new Map(rows.map((row) => [row.regions.join(' '), row.id]));
  }

  idOf(regions: readonly string[]): string {
    const key = [...new Set(regions)].sort().join(' ');
    const known = this.#idByRegions.get(key);
    if (known !== undefined) return known;
    const numbers = [...this.#idByRegions.values()].map((id) => Number(id.slice(1)));
    const id = `D${String(Math.max(0, ...numbers) + 1).padStart(2, '0')}`;
    this.#idByRegions.set(key, id);
    return id;
  }

  rows(): ProfilesFile['destinationSets'] {
    const rows = [...this.#idByRegions].map(([key, id]) => ({ id, regions: key.split(' ') }));
    return [...sortedById(rows)];
  }
}
