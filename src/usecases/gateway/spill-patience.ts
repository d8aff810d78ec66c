import { spills } from '#core/capacity/room.ts';
import { expectedFreeMs } from '#core/capacity/slot-pace.ts';
import { spillWaitShare, waitsUnasked } from '#core/capacity/spill.ts';
import { remainingMs } from './decide.ts';
import type { Run } from './job.ts';
import { type AskedSlot, hasElsewhere, type SlotDemand } from './slot-demand.ts';

/**
 * Of the time to the first content, where a process serves one request at a time: a whole environment waits with it, and a slot
 * that comes later is no better than an answer from elsewhere.
 */
export const ALONE_SHARE_MAX = 0.1;

/** How long a request may wait for a slot before it goes to the next tier. */
export interface Patience {
  /** The request's budget to its first content there. */
  readonly firstContentMs: number;
  /** The part of it that is left for waiting; 0 sends it on at once. */
  readonly share: number;
}

/**
 * Whether it is worth its while to wait for a slot of a full target, and how long. Only for a dedicated one that is the last
 * of its tier, where somebody of the next tier may answer instead; and only where a slot is expected to come free in that
 * time, which is when the target has not been full for longer than that already, and its calls end often enough. Bulk calls
 * wait whatever is expected.
 */
export function spillPatience(run: Run, asked: AskedSlot, demand: SlotDemand): Patience {
  const { services, job } = run;
  const { config, rooms, lines } = services;
  const { candidate, plan, waitedMs } = asked;
  const { lane } = job.call.options;
  const { dedicatedFirstContentMs } = job.call.modelConfig.deadlines;
  const firstContentMs = Math.min(dedicatedFirstContentMs, remainingMs(services, job));
  const shareMax = spillWaitShare(lane, config.capacity.spill);
  const share = lines === undefined ? Math.min(ALONE_SHARE_MAX, shareMax) : shareMax;
  const patience = { firstContentMs, share: Math.max(0, share - waitedMs / firstContentMs) };
  const none = { firstContentMs, share: 0 };
  if (patience.share === 0 || firstContentMs <= 0 || candidate.tier !== 'dedicated' || !hasElsewhere(asked))
    return none;
  const isOtherDedicated = plan.some(
    ({ tier, target }) => tier === 'dedicated' && target !== candidate.target,
  );
  if (isOtherDedicated) return none;
  if (waitsUnasked(lane, config.capacity.spill)) return patience;
  if (spills(rooms.of(candidate.target.id), lane)) return none;
  const freeMs = expectedMs(run, asked, demand);
  return freeMs !== undefined && freeMs <= patience.share * firstContentMs ? patience : none;
}

/** Undefined where no call of the target has ended here yet. */
function expectedMs(
  { services: { rooms, lines } }: Run,
  { candidate }: AskedSlot,
  { limit, kvTokens, slotsReserved }: SlotDemand,
): number | undefined {
  const { id } = candidate.target;
  const meanMs = rooms.heldMeanMs(id);
  if (meanMs === undefined) return undefined;
  const { slots } = limit;
  // A request of more memory than a slot has on average waits for as many slots as that is.
  const own = limit.kvTokens === undefined ? 1 : Math.max(1, Math.ceil((kvTokens * slots) / limit.kvTokens));
  return expectedFreeMs(meanMs, { slots, wanted: own + slotsReserved + (lines?.waitingAt(id) ?? 0) });
}
