/**
 * How many runs a test of many makes: all of them with `npm test`. Before each commit, with `npm run check`, a tenth has to
 * do, so that nobody waits a minute.
 */
export function runsOf(count: number): number {
  return Math.ceil(count * Number(process.env.SPILLWAY_RUNS_SHARE ?? 1));
}
