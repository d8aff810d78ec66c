/**
 * cli/record: turns what an account's APIs answer into the product's own fact files, and says what changed.
 *
 * Invariant: a failed or empty answer removes nothing; the same answers give the same bytes; what AWS does not tell
 * (limits, prices, jurisdictions) stays as it was. The folder owns no state; `doctor --record` writes the files.
 */

import { factsFileText } from '../../../scripts/facts-file.ts';
import { describeChanges, type RowChange } from './describe-changes.ts';
import { mergeModels } from './merge-models.ts';
import { mergeProfiles } from './merge-profiles.ts';
import type { CatalogueFile, ProfilesFile, RecordedRegion } from './recorded-answers.ts';

export interface FactsBefore {
  readonly catalogue: CatalogueFile;
  readonly profiles: ProfilesFile;
  /** Region codes that data/regions.json knows. */
  readonly regions: readonly string[];
}

export interface RecordedFacts {
  readonly models: readonly RowChange[];
  readonly profiles: readonly RowChange[];
  /** Regions that answered in part or not at all; what was known of them is kept. */
  readonly keptRegions: readonly { readonly region: string; readonly why: string }[];
  /** Regions that answer but stand in no facts: nothing is written of them until a person gives their jurisdiction. */
  readonly unknownRegions: readonly string[];
  /** New text by file name, of the files that changed. */
  readonly files: ReadonlyMap<string, string>;
}

/** The facts after a recording, and what is new in them. `today` is `YYYY-MM-DD`. */
export function recordFacts(
  before: FactsBefore,
  recorded: readonly RecordedRegion[],
  today: string,
): RecordedFacts {
  const known = recorded.filter(({ region }) => before.regions.includes(region));
  const profiles = mergeProfiles(before.profiles, known);
  const models = mergeModels({
    before: before.catalogue,
    recorded: known,
    profiles: profiles.profiles,
    today,
  });
  const modelChanges = describeChanges(before.catalogue.models, models);
  const profileChanges = describeChanges(before.profiles.profiles, profiles.profiles);
  const files = new Map<string, string>();
  const stamp = (file: { readonly source: string; readonly asOf: string }) => ({
    source: `${file.source.replace(REFRESHED, '')} Refreshed by spillway doctor --record on ${today}.`,
    asOf: `${today} (rows carry their own asOf)`,
  });
  if (modelChanges.length > 0)
    files.set('catalogue.json', factsFileText({ ...stamp(before.catalogue), tables: { models } }));
  if (profileChanges.length > 0)
    files.set(
      'profiles.json',
      factsFileText({ ...stamp(before.profiles), asOf: today, tables: { ...profiles } }),
    );
  return {
    models: modelChanges,
    profiles: profileChanges,
    keptRegions: known.flatMap(({ region, failures }) =>
      failures.length === 0 ? [] : [{ region, why: failures.join('; ') }],
    ),
    unknownRegions: recorded
      .filter(({ region, models }) => models !== undefined && !before.regions.includes(region))
      .map(({ region }) => region),
    files,
  };
}

/** The sentence of an earlier refresh: it is replaced, so that the source does not grow. */
const REFRESHED = / Refreshed by spillway doctor --record on [0-9-]+\./;
