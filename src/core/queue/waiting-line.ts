import { type Lane, lanes } from '../capacity/lane.ts';
import { type ByLane, byLane } from '../capacity/reservation-loss.ts';
import { emptyBand, type FairBand, headOf, joinBand, leaveBand, takeTurn, type Waiter } from './fair-band.ts';
import { afterEmpty, afterGrant, type GrantPace, paceUnknown } from './grant-pace.ts';
import { type Dealing, usualDealing } from './shuffle-shards.ts';

export interface LineSettings {
  /** Share of turns that a lane gets although lanes above it wait; 0 for the highest. Together below 1. */
  readonly turnShares: ByLane<number>;
  /** More than this many never wait, whatever the time: a guard of memory. 1 or more. */
  readonly waitingMax: number;
  readonly dealing: Dealing;
}

/** Far more than any wait budget lets stand, and some megabytes of calls. */
const WAITING_MAX = 4096;

export function lineSettings(lanesConfig: {
  readonly standard: { readonly turnShareMin: number };
  readonly bulk: { readonly turnShareMin: number };
}): LineSettings {
  const { standard, bulk } = lanesConfig;
  const turnShares = { interactive: 0, standard: standard.turnShareMin, bulk: bulk.turnShareMin };
  return { turnShares, waitingMax: WAITING_MAX, dealing: usualDealing };
}

/**
 * The calls that wait for slots of one target: a higher lane before a lower one, within a lane the tenant that was given
 * least lately, within a tenant the call that leaves first. Lower lanes have a floor: a share of turns that is theirs whoever
 * waits above.
 */
export interface WaitingLine {
  readonly settings: LineSettings;
  readonly bands: ByLane<FairBand>;
  /** Turns that each lane is owed of its floor; one is due when it has reached 1. */
  readonly owed: ByLane<number>;
  readonly pace: GrantPace;
  readonly waiting: number;
}

/** One whole turn, whatever ten times a tenth comes to. */
const DUE = 1 - 1e-9;

/** A turn: who has it, and under whose reservation the slot is to be asked for. */
export interface Turn {
  readonly lane: Lane;
  readonly waiter: Waiter;
  readonly asksAs: Lane;
}

export function emptyLine(settings: LineSettings): WaitingLine {
  const bands = byLane(() => emptyBand(settings.dealing));
  return { settings, bands, owed: byLane(() => 0), pace: paceUnknown, waiting: 0 };
}

export function joinLine(
  line: WaitingLine,
  { lane, waiter, at }: { readonly lane: Lane; readonly waiter: Waiter; readonly at: number },
): WaitingLine {
  const bands = { ...line.bands, [lane]: joinBand(line.bands[lane], waiter, at) };
  return { ...line, bands, waiting: line.waiting + 1 };
}

/** Somebody who is not there changes nothing. */
export function leaveLine(line: WaitingLine, lane: Lane, waiter: Waiter): WaitingLine {
  const band = leaveBand(line.bands[lane], waiter);
  return band === line.bands[lane] ? line : without(line, lane, band);
}

/** Whether somebody of the lane's own or a higher one waits, or a lower lane's floor is due: then a call must join. */
export function comesAfter(line: WaitingLine, lane: Lane): boolean {
  if (line.waiting === 0) return false;
  const upTo = lanes.slice(0, lanes.indexOf(lane) + 1);
  return upTo.some((each) => line.bands[each].waiting > 0) || dueLane(line) !== undefined;
}

/** The lane whose floor is most overdue. */
function dueLane({ bands, owed }: WaitingLine): Lane | undefined {
  let due: Lane | undefined;
  for (const lane of lanes)
    if (bands[lane].waiting > 0 && owed[lane] >= DUE && (due === undefined || owed[lane] > owed[due]))
      due = lane;
  return due;
}

/** Whose turn it is; undefined where nobody waits. */
export function nextTurn(line: WaitingLine): Turn | undefined {
  const { bands } = line;
  const due = dueLane(line);
  // A floor is worth nothing while the lanes above keep the last slots for themselves.
  if (due !== undefined) return turnOf(bands, due, 'interactive');
  const highest = lanes.find((lane) => bands[lane].waiting > 0);
  return highest === undefined ? undefined : turnOf(bands, highest, highest);
}

function turnOf(bands: ByLane<FairBand>, lane: Lane, asksAs: Lane): Turn | undefined {
  const waiter = headOf(bands[lane]);
  return waiter === undefined ? undefined : { lane, waiter, asksAs };
}

/** A call got a slot without waiting, past lower lanes that wait: that is a turn of theirs as well. */
export function passLine(line: WaitingLine, lane: Lane): WaitingLine {
  return line.waiting === 0 ? line : { ...line, owed: owedAfter(line, lane) };
}

function owedAfter({ bands, owed, settings }: WaitingLine, lane: Lane): ByLane<number> {
  return byLane((each) => {
    if (bands[each].waiting === 0) return 0;
    const accrued = owed[each] + settings.turnShares[each];
    return each === lane ? Math.max(0, accrued - 1) : accrued;
  });
}

/** The waiter got its slot. */
export function grantTurn(line: WaitingLine, { lane, waiter }: Turn, at: number): WaitingLine {
  const owed = owedAfter(line, lane);
  const pace = afterGrant(line.pace, at, line.waiting > 1);
  return without({ ...line, owed, pace }, lane, takeTurn(line.bands[lane], waiter, at));
}

function without(line: WaitingLine, lane: Lane, band: FairBand): WaitingLine {
  const waiting = line.waiting - 1;
  return {
    ...line,
    bands: { ...line.bands, [lane]: band },
    owed: band.waiting === 0 ? { ...line.owed, [lane]: 0 } : line.owed,
    pace: waiting === 0 ? afterEmpty(line.pace) : line.pace,
    waiting,
  };
}
