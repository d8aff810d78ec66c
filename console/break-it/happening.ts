/** The generator's seconds, laid out for the eye: a row for each region that answered, one for what failed. */
import type { TrafficReport, TrafficSecond } from '#contract/local-traffic.ts';

export const SECONDS_SHOWN = 60;
/** What is said of "now" is a mean: single seconds of a few requests jump about. */
const SECONDS_OF_NOW = 10;

export interface HappeningRow {
  readonly name: string;
  readonly isFailure: boolean;
  /** One count for each second shown, oldest first. */
  readonly counts: readonly number[];
  /** Mean of the last ten seconds. */
  readonly perSecondNow: number;
}

export interface Happening {
  readonly rows: readonly HappeningRow[];
  /** The highest count of any row: what every row is drawn against. */
  readonly countMax: number;
  /** Of the last ten seconds. */
  readonly answered: number;
  readonly failed: number;
  readonly failedOver: number;
  /** Middle and highest of the seconds' own; null without an answer. */
  readonly millisecondsP50: number | null;
  readonly millisecondsP95: number | null;
}

/** @param now the end of the last second that is shown, in milliseconds since 1970 */
export function happeningAt(report: Pick<TrafficReport, 'seconds'>, now: number): Happening {
  // The second that is under way would look like a loss.
  const endMs = Math.floor(now / 1000) * 1000;
  const indexOf = ({ at }: TrafficSecond): number => SECONDS_SHOWN - (endMs - Date.parse(at)) / 1000;
  const shown = report.seconds.filter((second) => indexOf(second) >= 0 && indexOf(second) < SECONDS_SHOWN);
  const lately = shown.filter((second) => indexOf(second) >= SECONDS_SHOWN - SECONDS_OF_NOW);
  const rows = rowsOf(shown, indexOf);
  return {
    rows,
    countMax: Math.max(1, ...rows.flatMap(({ counts }) => counts)),
    answered: sum(lately.flatMap(({ answeredByRegion }) => Object.values(answeredByRegion))),
    failed: sum(lately.flatMap(({ failedByCode }) => Object.values(failedByCode))),
    failedOver: sum(lately.map(({ failedOver }) => failedOver)),
    millisecondsP50: middle(lately.map(({ millisecondsP50 }) => millisecondsP50)),
    millisecondsP95: highest(lately.map(({ millisecondsP95 }) => millisecondsP95)),
  };
}

/** Regions by name, so that none changes its place, and failures after them. */
function rowsOf(
  seconds: readonly TrafficSecond[],
  indexOf: (second: TrafficSecond) => number,
): readonly HappeningRow[] {
  const kinds = [
    { isFailure: false, countsOf: (second: TrafficSecond) => second.answeredByRegion },
    { isFailure: true, countsOf: (second: TrafficSecond) => second.failedByCode },
  ];
  return kinds.flatMap(({ isFailure, countsOf }) => {
    const names = new Set(seconds.flatMap((second) => Object.keys(countsOf(second))));
    return [...names].sort().map((name): HappeningRow => {
      const counts = Array.from({ length: SECONDS_SHOWN }, () => 0);
      for (const second of seconds) counts[indexOf(second)] = countsOf(second)[name] ?? 0;
      const perSecondNow = sum(counts.slice(-SECONDS_OF_NOW)) / SECONDS_OF_NOW;
      return { name, isFailure, counts, perSecondNow };
    });
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const known = (values: readonly (number | null)[]): readonly number[] =>
  values.filter((value) => value !== null).sort((left, right) => left - right);

const middle = (values: readonly (number | null)[]): number | null => {
  const sorted = known(values);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
};

const highest = (values: readonly (number | null)[]): number | null => known(values).at(-1) ?? null;
