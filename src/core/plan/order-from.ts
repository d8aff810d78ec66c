import type { Target } from '../target.ts';
import { scopeRank, tierRank, warmthRank } from './compare-targets.ts';

/** What nearness is judged by. Without it the area of the region code (`eu` of `eu-west-1`) stands in. */
export interface Geography {
  /** ISO 3166 code. Undefined for an unknown region. */
  countryOf(region: string): string | undefined;
  /** Undefined for an unknown region. */
  jurisdictionsOf(region: string): readonly string[] | undefined;
}

/**
 * A route's targets as a caller in `region` should try them. Part of the public contract: the published order knows
 * no nearness, so every reader applies this one function and all agree.
 *
 * Never overruled by nearness: the tier, the candidate position, and (of dedicated targets) warmth. A `global`
 * profile stays behind every in-region and geographic target of its position, because its prompts may go anywhere.
 * Among the rest of equals the nearest comes first: own region, own country, a shared jurisdiction, everywhere else;
 * so a caller's own geographic profile is tried before a far region's plain model id. What is still equal keeps the
 * published order (scope, lifecycle, price, id).
 *
 * Pure: the argument is not changed, and the same arguments give the same order everywhere.
 */
export function orderFrom<Item extends Pick<Target, 'region' | 'scope' | 'position' | 'state'>>(
  targets: readonly Item[],
  region: string,
  geography?: Geography,
): readonly Item[] {
  const ranked = targets.map((target, index) => ({
    target,
    index,
    distance: distanceBetween(target.region, region, geography),
  }));
  ranked.sort(
    (left, right) =>
      tierRank(left.target) - tierRank(right.target) ||
      left.target.position - right.target.position ||
      warmthRank(left.target) - warmthRank(right.target) ||
      Number(left.target.scope === 'global') - Number(right.target.scope === 'global') ||
      left.distance - right.distance ||
      scopeRank(left.target) - scopeRank(right.target) ||
      left.index - right.index,
  );
  return ranked.map(({ target }) => target);
}

/** 0 the same region · 1 the same country · 2 a shared jurisdiction or area · 3 everywhere else. */
export function distanceBetween(from: string, to: string, geography?: Geography): 0 | 1 | 2 | 3 {
  if (from === to) return 0;
  const country = geography?.countryOf(from);
  if (country !== undefined && country === geography?.countryOf(to)) return 1;
  const [groups, others] = [geography?.jurisdictionsOf(from), geography?.jurisdictionsOf(to)];
  if (groups === undefined || others === undefined) return areaOf(from) === areaOf(to) ? 2 : 3;
  return groups.some((group) => others.includes(group)) ? 2 : 3;
}

function areaOf(region: string): string {
  return region.slice(0, Math.max(0, region.indexOf('-')));
}
