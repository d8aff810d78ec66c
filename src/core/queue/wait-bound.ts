import { type Lane, lanes } from '../capacity/lane.ts';
import { type FairBand, rankOf, turnsBefore, type Waiter } from './fair-band.ts';
import { turnsMs } from './grant-pace.ts';
import type { WaitingLine } from './waiting-line.ts';

/** What bounds the wait of one call. Milliseconds and instants of one clock that never goes back. */
export interface WaitBudget {
  /** The call's budget to its first content. */
  readonly firstContentMs: number;
  /** Share of it that may be spent waiting, from 0 to 1. */
  readonly waitShareMax: number;
  /** A slot that comes later is of no use. */
  readonly startBy: number;
  /** Another target may take the call; without one it waits until `startBy`. */
  readonly elsewhere: boolean;
}

/**
 * Where a tenant's line has not been empty for a whole budget, its calls wait for load that does not pass: half of the
 * usual share then, so that they go elsewhere sooner (as controlled delay does, with 5 % of the budget).
 */
const STANDING_PART = 0.5;

/** When a call that joins now leaves, if it has had no turn by then. */
export function leaveByOf(
  line: WaitingLine,
  call: { readonly lane: Lane; readonly tenant: string; readonly budget: WaitBudget },
  at: number,
): number {
  const { firstContentMs, waitShareMax, startBy, elsewhere } = call.budget;
  if (!elsewhere) return startBy;
  const since = line.bands[call.lane].tenants.get(call.tenant)?.since;
  const stands = since !== undefined && at - since >= firstContentMs;
  const share = stands ? waitShareMax * STANDING_PART : waitShareMax;
  return Math.min(startBy, at + share * firstContentMs);
}

/** Somebody in a line. */
export interface Standing {
  readonly lane: Lane;
  readonly waiter: Waiter;
}

/**
 * A call whose turn would come after it must leave, by the pace of turns and even if nobody else joins: it should not
 * wait. False while no pace is known.
 */
export function isHopeless(line: WaitingLine, { lane, waiter }: Standing, at: number): boolean {
  const band = line.bands[lane];
  const own = turnsBefore(band, rankOf(band, waiter)) + 1;
  const above = sum(lanesAbove(lane).map((higher) => line.bands[higher].waiting));
  return comesTooLate(line, { lane, waiter, own, above }, at);
}

/** Those in the line of whom the same is true by now: turns may have become rarer, and lanes above fuller. */
export function hopelessIn(line: WaitingLine, at: number): readonly Standing[] {
  const hopeless: Standing[] = [];
  let above = 0;
  for (const lane of lanes) {
    let ahead = 0;
    for (const round of roundsOf(line.bands[lane])) {
      const own = ahead + 1;
      const stay = round.filter((waiter) => !comesTooLate(line, { lane, waiter, own, above }, at));
      // Who leaves makes room for those behind.
      ahead += stay.length;
      if (stay.length < round.length)
        for (const waiter of round) if (!stay.includes(waiter)) hopeless.push({ lane, waiter });
    }
    above += ahead;
  }
  return hopeless;
}

/** The first of every tenant, then the second of every tenant that has one, … */
function roundsOf(band: FairBand): readonly (readonly Waiter[])[] {
  const rounds: Waiter[][] = [];
  for (const { waiters } of band.tenants.values())
    waiters.forEach((waiter, rank) => {
      const round = rounds[rank];
      if (round === undefined) rounds[rank] = [waiter];
      else round.push(waiter);
    });
  return rounds;
}

function comesTooLate(
  { settings, pace }: WaitingLine,
  {
    lane,
    waiter,
    own,
    above,
  }: Standing & {
    /** Turns of its lane up to its own, and of the lanes above. */
    readonly own: number;
    readonly above: number;
  },
  at: number,
): boolean {
  const floor = settings.turnShares[lane];
  const turns = Math.min(own + above, floor > 0 ? Math.ceil(own / floor) : Number.POSITIVE_INFINITY);
  const waitMs = turnsMs(pace, turns, at);
  return waitMs !== undefined && at + waitMs > waiter.leaveBy;
}

/**
 * Who has to go so that a call can join a line that is as long as memory allows: the last one of whoever waits most, in
 * the lowest lane. `joiner` where that is the call itself; undefined while there is room.
 */
export function crowdedOut(
  line: WaitingLine,
  joiner: { readonly lane: Lane; readonly tenant: string },
): Standing | 'joiner' | undefined {
  if (line.waiting < line.settings.waitingMax) return undefined;
  const lowest = lanes.findLast((lane) => line.bands[lane].waiting > 0) ?? joiner.lane;
  if (lanes.indexOf(lowest) < lanes.indexOf(joiner.lane)) return 'joiner';
  const { tenants } = line.bands[lowest];
  const longest = [...tenants].reduce<readonly [string, readonly Waiter[]]>(
    (most, [tenant, { waiters }]) => (waiters.length > most[1].length ? [tenant, waiters] : most),
    ['', []],
  );
  const ownLength = lowest === joiner.lane ? (tenants.get(joiner.tenant)?.waiters.length ?? 0) + 1 : 0;
  const last = longest[1].at(-1);
  return last === undefined || longest[1].length <= ownLength ? 'joiner' : { lane: lowest, waiter: last };
}

function lanesAbove(lane: Lane): readonly Lane[] {
  return lanes.slice(0, lanes.indexOf(lane));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
