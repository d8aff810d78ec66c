/**
 * Reach: every region in which a target may process or store a prompt.
 *
 * It is read from the model ARNs of a profile **as listed in the source region**: the same profile id reaches other
 * regions from another source.
 */
import { isRegionId } from '../units/region-id.ts';

/** Stands for every region there is or will be. */
export const EVERYWHERE = '*';

/** `arn:aws:bedrock:<region>::foundation-model/<id>`; the partition is open, the account field is empty. */
const MODEL_ARN_FIELDS = 6;

/**
 * The reach of a profile from the model ARNs that its source region lists, sorted, with the source itself.
 *
 * An ARN with an empty region (how AWS lists a global profile) means everywhere. Undefined, that is unknown and so
 * unlawful, when there is no ARN, an ARN is malformed, or the source is not a region code.
 */
export function reachFromModelArns(options: {
  readonly sourceRegion: string;
  readonly modelArns: readonly (string | undefined)[];
}): readonly string[] | undefined {
  const { sourceRegion, modelArns } = options;
  if (modelArns.length === 0 || !isRegionId(sourceRegion)) return undefined;
  const reach = new Set<string>([sourceRegion]);
  for (const arn of modelArns) {
    const region = regionOfModelArn(arn);
    if (region === undefined) return undefined;
    reach.add(region);
  }
  return reach.has(EVERYWHERE) ? [EVERYWHERE] : [...reach].sort();
}

function regionOfModelArn(arn: string | undefined): string | undefined {
  const fields = arn?.split(':', MODEL_ARN_FIELDS) ?? [];
  const [prefix, partition, service, region, , resource] = fields;
  if (prefix !== 'arn' || partition === '' || service !== 'bedrock') return undefined;
  if (resource?.startsWith('foundation-model/') !== true) return undefined;
  if (region === '') return EVERYWHERE;
  return isRegionId(region) ? region : undefined;
}

/** The geography that a profile id announces (`eu` of `eu.amazon.nova-lite-v1:0`), known or not. */
export function geoPrefixOf(profileId: string): string {
  return profileId.slice(0, Math.max(0, profileId.indexOf('.')));
}
