/**
 * How the copies of one endpoint follow its load, as SageMaker and Application Auto Scaling do it: soon up, late down, from
 * nothing only after a call has failed. A value: each step answers the next one.
 */

/** Times in milliseconds. */
export interface CopyScaling {
  readonly copiesMin: number;
  readonly copiesMax: number;
  /** Requests in flight, those in line counted, that one copy is meant to have. */
  readonly targetConcurrencyPerCopy: number;
  /** From the order of one more copy, beside others, until it serves. */
  readonly scaleOutMs: number;
  /** From the first call that found no copy until the first one serves. */
  readonly wakeMs: number;
  /** How long fewer copies must have been enough before there are fewer. */
  readonly scaleInMs: number;
  /** Looks in a row that must want more copies: one high value may be chance. @default 3 */
  readonly highLooks?: number;
  /** After copies came, so long no more are ordered; after some went, so long no more go. @default 0 */
  readonly scaleOutCooldownMs?: number;
  readonly scaleInCooldownMs?: number;
}

/** What was published of real endpoints with accelerators; `docs/guides/chains.md` names the sources. */
export const SCALING_TIMES = {
  lookMs: 10_000,
  scaleOutMs: 258_000,
  wakeMs: 303_000,
  scaleInMs: 900_000,
} as const;

const HIGH_LOOKS = 3;

export interface CopyCount {
  /** In service. */
  readonly copies: number;
  /** What there will be; none is ordered while these are on their way. */
  readonly ordered?: { readonly copies: number; readonly readyAtMs: number } | undefined;
  readonly highLooks: number;
  /** Since when fewer were enough, and the most that were wanted meanwhile. */
  readonly low?: { readonly sinceMs: number; readonly copiesMost: number } | undefined;
  /** When copies came last, and when some went. */
  readonly grownAtMs?: number | undefined;
  readonly shrunkAtMs?: number | undefined;
  /** Copies × time that was paid until `atMs`; one that is being made costs as one that serves. */
  readonly paidMs: number;
  readonly atMs: number;
}

export interface Load {
  readonly atMs: number;
  readonly inFlight: number;
}

export function startedWith(copies: number, atMs: number): CopyCount {
  return { copies, highLooks: 0, paidMs: 0, atMs };
}

/** The count at a later moment: copies that are ready have come. */
export function arrivedBy(count: CopyCount, atMs: number): CopyCount {
  const { copies, ordered, paidMs } = count;
  const paid = paidMs + (ordered?.copies ?? copies) * (atMs - count.atMs);
  if (ordered === undefined || ordered.readyAtMs > atMs) return { ...count, paidMs: paid, atMs };
  const { shrunkAtMs } = count;
  return {
    copies: ordered.copies,
    highLooks: 0,
    grownAtMs: ordered.readyAtMs,
    shrunkAtMs,
    paidMs: paid,
    atMs,
  };
}

/** After a call that found no copy. Where one is on its way already nothing changes. */
export function wokenBy(policy: CopyScaling, count: CopyCount, atMs: number): CopyCount {
  const now = arrivedBy(count, atMs);
  if (now.copies > 0 || now.ordered !== undefined || policy.copiesMax === 0) return now;
  const copies = Math.max(1, policy.copiesMin);
  return { ...now, ordered: { copies, readyAtMs: atMs + policy.wakeMs } };
}

/** After a look at the load: more copies than serve are ordered, fewer are there at once. */
export function lookedAt(policy: CopyScaling, count: CopyCount, { atMs, inFlight }: Load): CopyCount {
  const now = arrivedBy(count, atMs);
  // Nobody measures what a copy has where there is none.
  if (now.copies === 0) return now;
  const { copiesMin, copiesMax, targetConcurrencyPerCopy, scaleOutMs, scaleInMs } = policy;
  const wanted = Math.min(copiesMax, Math.max(copiesMin, Math.ceil(inFlight / targetConcurrencyPerCopy)));
  if (wanted >= now.copies) {
    const highLooks = wanted > now.copies ? now.highLooks + 1 : 0;
    const isEnough = highLooks >= (policy.highLooks ?? HIGH_LOOKS);
    const isDue =
      isEnough && now.ordered === undefined && hasCooled(now.grownAtMs, policy.scaleOutCooldownMs, atMs);
    const ordered = isDue ? { copies: wanted, readyAtMs: atMs + scaleOutMs } : now.ordered;
    return { ...now, highLooks, low: undefined, ordered };
  }
  const copiesMost = Math.max(wanted, now.low?.copiesMost ?? 0);
  const sinceMs = now.low?.sinceMs ?? atMs;
  const isLong = atMs - sinceMs >= scaleInMs && hasCooled(now.shrunkAtMs, policy.scaleInCooldownMs, atMs);
  if (!isLong || now.ordered !== undefined) return { ...now, highLooks: 0, low: { sinceMs, copiesMost } };
  return { ...now, copies: copiesMost, highLooks: 0, low: undefined, shrunkAtMs: atMs };
}

function hasCooled(changedAtMs: number | undefined, cooldownMs = 0, atMs = 0): boolean {
  return changedAtMs === undefined || atMs - changedAtMs >= cooldownMs;
}
