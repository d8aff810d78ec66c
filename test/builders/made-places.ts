/** Truths of where prompts go, made by hand. */
import type { PlacesTruth } from '#simulator/judges/places-truth.ts';

export function madePlaces({
  jurisdictions = {},
  profiles = {},
  plain = {},
  listed = {},
}: {
  readonly jurisdictions?: Readonly<Record<string, readonly string[]>>;
  /** Destinations by the profile's id and the region that it is called from. */
  readonly profiles?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Regions in which a model has its plain id. */
  readonly plain?: Readonly<Record<string, readonly string[]>>;
  /** Profiles of a model, in every region from which they can be called. */
  readonly listed?: Readonly<Record<string, readonly string[]>>;
}): PlacesTruth {
  return {
    regionsOf: (code) => jurisdictions[code] ?? [],
    plainOffered: (modelId, region) => plain[modelId]?.includes(region) === true,
    profilesFor: (modelId, region) =>
      (listed[modelId] ?? []).filter((profileId) => profiles[profileId]?.[region] !== undefined),
    destinationsOf: (profileId, sourceRegion) => profiles[profileId]?.[sourceRegion],
  };
}
