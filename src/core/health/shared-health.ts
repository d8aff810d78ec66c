/**
 * What the processes of one gateway region tell each other of a target, or of a whole region: failures, and what
 * followed from them. Plain values that are joined, so that neither the order nor a repetition of news matters.
 */
import type { InstantMs } from '../units/instant-ms.ts';
import { tenantPartOf } from './origin.ts';
import type { Outcomes } from './success-rate.ts';
import type { Origin } from './target-health.ts';

/** Failures of one moment as one process saw them. */
export interface FailureMark {
  /** The process. */
  readonly by: string;
  readonly at: InstantMs;
  /** Their weight, as `step-health.ts` gives it. */
  readonly points: number;
  readonly origin: Origin;
}

/**
 * How one process was answered before a failure that it tells of, by its last `RECENT_LENGTH` calls. Good answers cost
 * no write, so they are told with the next failure; and what comes before a failure is a fair sample, where the time up
 * to it is not: a failure does not choose what it comes after.
 */
export interface TallyMark extends Outcomes {
  readonly by: string;
  /** Of the failure, which is not counted. */
  readonly at: InstantMs;
}

/** A good answer to one origin, told because others saw failures. */
export interface GoodMark {
  readonly origin: Origin;
  /** When the call began. */
  readonly at: InstantMs;
}

/** One request of real traffic that is to find out. */
interface ProbeMark {
  readonly by: string;
  readonly at: InstantMs;
  readonly open: boolean;
}

/** An ejection, or the return from it. */
export interface Standing {
  /** Grows with every ejection, and past the clock of whoever wrote it: orders ejections whatever the clocks say. */
  readonly episode: number;
  readonly phase: 'ejected' | 'returning';
  /** Of the phase. */
  readonly at: InstantMs;
  readonly until: InstantMs;
  /** Ejections without a long good time in between. */
  readonly ejections: number;
  /** The process that told it. */
  readonly by: string;
  /** @default - nobody has taken the place of the probe yet */
  readonly probe?: ProbeMark | undefined;
}

export interface SharedHealth {
  /** The newest, oldest first, at most `FAILURES_MAX`. */
  readonly failures: readonly FailureMark[];
  /** The newest, and the newest of another tenant; where there is none, of another origin. Newest first. */
  readonly goods: readonly GoodMark[];
  /** The newest of each process, oldest first, at most `TALLIES_MAX`. */
  readonly tallies: readonly TallyMark[];
  /** @default - never ejected, as far as anybody knows */
  readonly standing?: Standing | undefined;
}

export const FAILURES_MAX = 12;
export const TALLIES_MAX = 12;

export const nothingShared: SharedHealth = { failures: [], goods: [], tallies: [] };

/** Two views as one. Commutative, associative and idempotent: an older view adds nothing to a newer one. */
export function joinHealth(one: SharedHealth, other: SharedHealth): SharedHealth {
  const standing = laterStanding(one.standing, other.standing);
  return {
    failures: joinFailures(one.failures, other.failures),
    goods: joinGoods(one.goods, other.goods),
    tallies: joinTallies(one.tallies, other.tallies),
    ...(standing === undefined ? {} : { standing }),
  };
}

/** The phase that an event leads to while another process's event stands: see `Standing.episode`. */
export function nextEpisode(health: SharedHealth, at: InstantMs): number {
  return Math.max((health.standing?.episode ?? 0) + 1, at);
}

function joinFailures(one: readonly FailureMark[], other: readonly FailureMark[]): readonly FailureMark[] {
  const marks = new Map<string, FailureMark>();
  for (const mark of [...one, ...other]) {
    const key = `${mark.by} ${mark.at} ${mark.origin}`;
    const known = marks.get(key);
    if (known === undefined || known.points < mark.points) marks.set(key, mark);
  }
  return [...marks.values()].sort(byTime).slice(-FAILURES_MAX);
}

function byTime(one: FailureMark, other: FailureMark): number {
  return one.at - other.at || compareText(one.by, other.by) || compareText(one.origin, other.origin);
}

function joinGoods(one: readonly GoodMark[], other: readonly GoodMark[]): readonly GoodMark[] {
  const newest = new Map<Origin, InstantMs>();
  for (const { origin, at } of [...one, ...other]) newest.set(origin, Math.max(newest.get(origin) ?? at, at));
  const [first, ...rest] = [...newest]
    .map(([origin, at]) => ({ origin, at }))
    .sort((left, right) => right.at - left.at || compareText(left.origin, right.origin));
  if (first === undefined) return [];
  const tenant = tenantPartOf(first.origin);
  const second = rest.find(({ origin }) => tenantPartOf(origin) !== tenant) ?? rest[0];
  return second === undefined ? [first] : [first, second];
}

function joinTallies(one: readonly TallyMark[], other: readonly TallyMark[]): readonly TallyMark[] {
  const newest = new Map<string, TallyMark>();
  for (const mark of [...one, ...other]) {
    const known = newest.get(mark.by);
    if (known === undefined || compareTallies(mark, known) > 0) newest.set(mark.by, mark);
  }
  return [...newest.values()].sort(compareTallies).slice(-TALLIES_MAX);
}

function compareTallies(one: TallyMark, other: TallyMark): number {
  return (
    one.at - other.at || compareText(one.by, other.by) || one.failed - other.failed || one.good - other.good
  );
}

function laterStanding(one: Standing | undefined, other: Standing | undefined): Standing | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return compareStandings(one, other) >= 0 ? one : other;
}

/** Total, so that two processes with the same news come to the same view. */
function compareStandings(one: Standing, other: Standing): number {
  return (
    one.episode - other.episode ||
    rank(one) - rank(other) ||
    one.at - other.at ||
    one.until - other.until ||
    one.ejections - other.ejections ||
    compareText(one.by, other.by) ||
    compareProbes(one.probe, other.probe)
  );
}

function rank({ phase }: Standing): number {
  return phase === 'ejected' ? 0 : 1;
}

function compareProbes(one: ProbeMark | undefined, other: ProbeMark | undefined): number {
  if (one === undefined || other === undefined)
    return Number(one !== undefined) - Number(other !== undefined);
  return one.at - other.at || compareText(one.by, other.by) || Number(other.open) - Number(one.open);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
