/**
 * How CloudWatch judges a metric alarm, as its user guide says under "Configuring how CloudWatch alarms treat missing data".
 * More datapoints are fetched than are judged: real ones stand in for missing ones as far as that range goes.
 */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type MissingTreatment = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface JudgedAlarm {
  readonly periods: number;
  readonly badPeriods: number;
  readonly missing: MissingTreatment;
}

/** In the guide's examples two more than are judged. How many it is for other alarms is not documented. */
export const RANGE_BEYOND = 2;

/**
 * @param points of the evaluation range, oldest first: bad, good, or undefined where there is none
 * @param before the state that `ignore` keeps
 */
export function stateOf(
  { periods, badPeriods, missing }: JudgedAlarm,
  points: readonly (boolean | undefined)[],
  before: AlarmState,
): AlarmState {
  const real = points.filter((point) => point !== undefined);
  const newest = real.slice(-periods);
  const bad = newest.filter(Boolean).length;
  if (bad >= badPeriods) return 'ALARM';
  const toFill = periods - newest.length;
  if (toFill === 0) return 'OK';
  if (missing === 'breaching') return bad + toFill >= badPeriods ? 'ALARM' : 'OK';
  if (missing === 'notBreaching') return 'OK';
  if (newest.includes(false)) return 'OK';
  if (missing === 'ignore') return before;
  return isOldEnough(points, badPeriods) ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** A bad point that is as old as the number that is needed, with nothing good behind it: the guide's "premature" state. */
function isOldEnough(points: readonly (boolean | undefined)[], badPeriods: number): boolean {
  const oldest = points.indexOf(true);
  return oldest >= 0 && points.length - oldest >= badPeriods;
}
