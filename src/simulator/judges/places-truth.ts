import type { SpillwayConfig } from '#contract/config.ts';
import type { Target } from '#core/target.ts';
import type { SimulatedRequest } from '../world/simulated-request.ts';

/** The truth of where a prompt goes, as AWS would have it: not what any list says of it. */
export interface PlacesTruth {
  /** Regions of a jurisdiction. */
  regionsOf(jurisdiction: string): readonly string[];
  /** Whether a model can be called in a region by its plain id. */
  plainOffered(modelId: string, region: string): boolean;
  /** Profiles of a model that a region lists. */
  profilesFor(modelId: string, region: string): readonly string[];
  /** Where a profile called from a region may infer; `['*']` for everywhere; undefined where there is no such profile. */
  destinationsOf(profileId: string, sourceRegion: string): readonly string[] | undefined;
}

/** Regions that a residency allows; undefined where it is without bound. */
export type Bounds = ReadonlySet<string> | undefined;

/** The residency that binds a request. */
export function boundResidency(
  config: SpillwayConfig,
  { residency, tenant }: Pick<SimulatedRequest, 'residency' | 'tenant'>,
): string | undefined {
  return residency ?? config.tenants[tenant]?.defaultResidency;
}

export function boundsOf(config: SpillwayConfig, truth: PlacesTruth, residency: string): Bounds {
  const spec = config.residencies[residency];
  if (spec?.jurisdictions === 'any') return undefined;
  const ofJurisdictions = (spec?.jurisdictions ?? []).flatMap((code) => truth.regionsOf(code));
  return new Set([...ofJurisdictions, ...(spec?.regions ?? [])]);
}

/** Every region that a call of the target touches, its source region among them; `*` for all of them. */
export function placesOf(
  truth: PlacesTruth,
  { kind, region, profileId }: Pick<Target, 'kind' | 'region' | 'profileId'>,
): readonly string[] {
  if (kind === 'sagemaker' || profileId === undefined) return [region];
  return [region, ...(truth.destinationsOf(profileId, region) ?? ['*'])];
}

/** Whether anything that the configuration names could answer for a model under a residency, were it well. */
export function hasLawfulTarget(
  config: SpillwayConfig,
  truth: PlacesTruth,
  { model, residency }: { readonly model: string; readonly residency: string },
): boolean {
  const bounds = boundsOf(config, truth, residency);
  const inside = (places: readonly string[]) =>
    bounds === undefined || places.every((place) => bounds.has(place));
  const { candidates = [], dedicated = [] } = config.models[model] ?? {};
  if (dedicated.some(({ region }) => inside([region]))) return true;
  const regions = config.accounts.flatMap((account) => account.regions);
  return candidates.some(({ id }) =>
    regions.some(
      (region) =>
        (truth.plainOffered(id, region) && inside([region])) ||
        truth
          .profilesFor(id, region)
          .some((profileId) => inside(placesOf(truth, { kind: 'bedrock', region, profileId }))),
    ),
  );
}
