/** What plan refuses to publish by itself: losses that nobody can vouch for. */
import type { Target } from '../target.ts';

export interface GuardLimits {
  /** Largest share of a route's targets that may vanish in one run without evidence, 0 to 1. */
  readonly vanishShareMax: number;
}

/** A target that stands in the published route and not in the next one. */
export interface Removal {
  readonly target: string;
  /** For people, e.g. `not-offered: three-lists`. */
  readonly why: string;
  /** A second sign, an explicit field, the data path or the operator's own configuration vouches for it. */
  readonly evidence: boolean;
  /** The residency demands it: nothing holds it back. */
  readonly residency: boolean;
}

type RefusalCode = 'would-empty' | 'vanish-share' | 'data-too-old' | 'residency-broken' | 'schema-unknown';

export interface Refusal {
  readonly code: RefusalCode;
  readonly why: string;
}

/** Undefined when the change may be published. */
export function judgeChange(options: {
  readonly previous: readonly Target[];
  readonly next: readonly Target[];
  readonly removals: readonly Removal[];
  readonly limits: GuardLimits;
}): Refusal | undefined {
  const { previous, next, removals, limits } = options;
  const unproved = removals.filter((removal) => !removal.evidence && !removal.residency);
  if (unproved.length === 0) return undefined;
  const names = unproved.map((removal) => `${removal.target} (${removal.why})`).join(', ');
  if (next.length === 0) {
    return { code: 'would-empty', why: `would lose every target, without evidence for ${names}` };
  }
  const share = unproved.length / previous.length;
  if (share <= limits.vanishShareMax) return undefined;
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  return {
    code: 'vanish-share',
    why: `would lose ${percent(share)} of its targets without evidence (limit ${percent(limits.vanishShareMax)}): ${names}`,
  };
}

/** One route's row of refusals, kept between runs. */
export interface RefusalRow {
  readonly model: string;
  readonly residency: string;
  readonly code: RefusalCode;
  readonly why: string;
  /** Epoch milliseconds of the first refusal of the row. */
  readonly since: number;
  /** Runs that refused, from 1. */
  readonly runs: number;
}

const PAGING_RUNS = 3;
const PAGING_MS = 15 * 60_000;

/** The row after one more refusal. Another reason does not begin a new row: the route is stuck either way. */
export function continueRefusal(
  row: RefusalRow | undefined,
  refusal: Refusal & { readonly model: string; readonly residency: string },
  at: number,
): RefusalRow {
  const { model, residency, code, why } = refusal;
  return { model, residency, code, why, since: row?.since ?? at, runs: (row?.runs ?? 0) + 1 };
}

/** A refusal that stands for three runs and fifteen minutes never passes by itself: a person has to look. */
export function pages(row: RefusalRow, at: number): boolean {
  return row.runs >= PAGING_RUNS && at - row.since >= PAGING_MS;
}
