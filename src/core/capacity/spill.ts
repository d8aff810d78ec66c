/** What overflows to a serverless target, and how much of that target it may fill. */
import { type Target, type Tier, tierOf } from '../target.ts';
import type { Lane } from './lane.ts';

/**
 * Whether a request comes to a target only because a better one has no room or fails: one of a better tier, or one in
 * the gateway's own region, whose users the target is not there for.
 *
 * @param from.wantedTier the best tier of the route, whatever its state
 */
export function isSpill(
  { target, tier }: { readonly target: Pick<Target, 'region'>; readonly tier: Tier },
  from: {
    readonly wantedTier: Tier;
    readonly gatewayRegion: string;
    readonly route: readonly Pick<Target, 'region' | 'scope'>[];
  },
): boolean {
  if (tier !== from.wantedTier) return true;
  const { gatewayRegion, route } = from;
  if (target.region === gatewayRegion) return false;
  return route.some((each) => each.region === gatewayRegion && tierOf(each) === tier);
}

/** Slots that spilled requests leave to a target's own traffic. */
export function ownReserve(slots: number, spillShareMax: number): number {
  return slots - Math.floor(slots * spillShareMax);
}

/**
 * Tokens a minute of a quota pool that spilled requests may take of what a gateway region may: the rest flows in for the
 * target's own traffic. Undefined where they may take all.
 *
 * @param perMinute of the gateway region, 1 or more
 */
export function spilledPerMinute(perMinute: number, spillShareMax: number): number | undefined {
  return spillShareMax >= 1 ? undefined : Math.max(1, Math.floor(perMinute * spillShareMax));
}

/** Shares of the time to the first content that a call may wait for a slot before it goes to the next tier. */
export interface SpillWaits {
  readonly waitShareMax: number;
  readonly bulkWaitShareMax: number;
}

export function spillWaitShare(lane: Lane, { waitShareMax, bulkWaitShareMax }: SpillWaits): number {
  return lane === 'bulk' ? bulkWaitShareMax : waitShareMax;
}

/** Whether calls of the lane wait whatever is expected: nobody waits for their answers. */
export function waitsUnasked(lane: Lane, waits: SpillWaits): boolean {
  return lane === 'bulk' && waits.bulkWaitShareMax > 0;
}
