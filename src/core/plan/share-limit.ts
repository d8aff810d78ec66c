/**
 * How gateway regions share what a dedicated target bears.
 *
 * A share is what a gateway may fill without a word to the others: what one does not use, no other can. So a gateway that
 * no residency lets use the target has none; those of the target's own jurisdiction, whose callers the target stands there
 * for, have nearly everything; and the others, which have it as a way out, have a remainder between them.
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeLawful, type ReachSubject } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { distanceBetween } from './order-from.ts';

/** Who shares, and by what rule. */
export interface LimitSharing {
  /** Gateway regions, in order of configuration. */
  readonly gateways: readonly string[];
  /** Every residency that a request may be under. */
  readonly policies: readonly ResidencyPolicy[];
  /** From 0 to 1: what gateways outside a target's jurisdiction have of it between them, where others stand inside. */
  readonly remoteShare: number;
}

/** By gateway region, shares from 0 to 1 with a sum of at most 1. Those that are not named have the rest. */
export type ConfiguredShares = Readonly<Record<string, number>>;

/** A gateway that has a share, above 0. All of a target's sum to 1 at most. */
export interface GatewayShare {
  readonly region: string;
  readonly share: number;
}

/** The last distance that lies within a jurisdiction: see `distanceBetween`. */
const SHARED_JURISDICTION = 2;

/** Sums of shares such as 0.7 + 0.2 + 0.1 miss 1 by less than this. */
const ROUNDING_ERROR = 1e-9;

/** Whether the gateway may send some request to the target, under whatever residency. */
export function mayServe(
  gatewayRegion: string,
  target: ReachSubject,
  { policies, facts }: { readonly policies: readonly ResidencyPolicy[]; readonly facts: CompiledFacts },
): boolean {
  return policies.some((policy) => judgeLawful({ policy, gatewayRegion, target, facts }).lawful);
}

/** Those with a share, nearest first, equals in order of configuration. */
export function gatewayShares(question: {
  readonly target: ReachSubject;
  readonly configured: ConfiguredShares | undefined;
  readonly sharing: LimitSharing;
  readonly facts: CompiledFacts;
}): readonly GatewayShare[] {
  const { target, configured = {}, sharing, facts } = question;
  const near = [...new Set(sharing.gateways)]
    .filter((region) => mayServe(region, target, { policies: sharing.policies, facts }))
    .map((region) => ({ region, distance: distanceBetween(target.region, region, facts) }))
    .sort((left, right) => left.distance - right.distance);
  const unnamed = near.filter(({ region }) => configured[region] === undefined);
  const inside = unnamed.filter(({ distance }) => distance <= SHARED_JURISDICTION);
  const outside = unnamed.filter(({ distance }) => distance > SHARED_JURISDICTION);
  const rest = Math.max(0, 1 - sumOf(Object.values(configured)));
  const ofOutside = outside.length === 0 ? 0 : inside.length === 0 ? 1 : sharing.remoteShare;
  return near
    .map(({ region, distance }) => {
      const [part, count] =
        distance <= SHARED_JURISDICTION ? [1 - ofOutside, inside.length] : [ofOutside, outside.length];
      return { region, share: configured[region] ?? (rest * part) / count };
    })
    .filter(({ share }) => share > ROUNDING_ERROR);
}

/**
 * Slots by gateway region, in whole numbers whose sum is at most the limit: one at least for each while there are enough,
 * else for the nearest, and what remains in proportion.
 *
 * @param shares nearest first
 */
export function shareOut(limit: number, shares: readonly GatewayShare[]): Readonly<Record<string, number>> {
  const least = shares.slice(0, limit);
  const ofShares = Math.floor(limit * sumOf(shares.map(({ share }) => share)) + ROUNDING_ERROR * limit);
  let remaining = Math.min(limit, Math.max(least.length, ofShares));
  let larger = least;
  // Whoever has less than one in proportion has one, and the others share what that leaves.
  for (let count = -1; count !== larger.length; ) {
    count = larger.length;
    const exact = proportional(remaining, larger);
    const small = larger.filter(({ region }) => (exact.get(region) ?? 0) < 1);
    larger = larger.filter((each) => !small.includes(each));
    remaining -= small.length;
  }
  const slots = wholeParts(remaining, proportional(remaining, larger));
  return Object.fromEntries(least.map(({ region }) => [region, slots.get(region) ?? 1]));
}

function proportional(amount: number, shares: readonly GatewayShare[]): ReadonlyMap<string, number> {
  const sum = sumOf(shares.map(({ share }) => share));
  return new Map(shares.map(({ region, share }) => [region, (amount * share) / sum]));
}

/** What rounding down leaves goes to the largest remainders; of equal ones to the nearer. */
function wholeParts(amount: number, exact: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const parts = [...exact].map(([region, value]) => {
    const whole = Math.floor(value + ROUNDING_ERROR * amount);
    return { region, whole, millionths: Math.round((value - whole) * 1_000_000) };
  });
  const left = amount - sumOf(parts.map(({ whole }) => whole));
  const ranked = parts.sort((one, other) => other.millionths - one.millionths);
  return new Map(ranked.map(({ region, whole }, index) => [region, index < left ? whole + 1 : whole]));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
