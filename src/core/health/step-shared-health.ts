import type { InstantMs } from '../units/instant-ms.ts';
import { PROBE_MS_MAX } from './judge-health.ts';
import { isOneOriginsDoing } from './one-origins-doing.ts';
import { tenantPartOf } from './origin.ts';
import {
  FAILURES_MAX,
  type FailureMark,
  type GoodMark,
  joinHealth,
  nextEpisode,
  nothingShared,
  type SharedHealth,
  type Standing,
  type TallyMark,
} from './shared-health.ts';
import { failuresTold, outcomesTold } from './shared-outcomes.ts';
import { ejectionEnd, FAILING_MS_MAX, FORGIVEN_MS, POINTS_MAX, RETURN_MS } from './step-health.ts';
import { isOutlier, type PeerOutcomes } from './success-rate.ts';

/**
 * Failures that several processes saw must be at least this far apart: by then whoever is answered well has read of
 * them and told so.
 */
const CONFIRMED_MS = 800;
/** In a row that is not five points long yet, as many failures as two seconds must hold. */
const FAILURES_MIN = 3;
/** So many failures make processes tell that they are answered well. */
const SUSPECTED_MIN = 2;

/** One process, now. */
export interface Witness {
  readonly by: string;
  readonly at: InstantMs;
}

/** What a process saw. */
export interface Evidence {
  readonly failures?: readonly FailureMark[] | undefined;
  readonly goods?: readonly GoodMark[] | undefined;
  readonly tallies?: readonly TallyMark[] | undefined;
}

/**
 * Adds what a process saw; ejects where all that is known adds up to it. The same health where nothing is new.
 *
 * @param peers of the target, as the process knows them. @default - it is not compared with them
 */
export function withEvidence(
  health: SharedHealth,
  { failures = [], goods = [], tallies = [] }: Evidence,
  { by, at, peers }: Witness & { readonly peers?: PeerOutcomes | undefined },
): SharedHealth {
  if (isInForce(health.standing, at)) return health;
  const counted = tallies.length === 0 ? health : joinHealth(health, { ...nothingShared, tallies });
  const answered = goods.length === 0 ? counted : joinHealth(counted, { ...nothingShared, goods });
  // More of the same would push out how long it has been going on.
  const isFull = runOf(answered, at).length >= FAILURES_MAX;
  const seenSoFar = isFull ? counted : answered;
  const joined =
    isFull || failures.length === 0 ? seenSoFar : joinHealth(answered, { ...nothingShared, failures });
  const isWorst = peers !== undefined && isOutlier(outcomesTold(joined, at), peers);
  const isOut = isWorst && !isForOneOrigin(failuresTold(joined, at), joined, at);
  return isOut || isFailing(joined, at) ? withEjection(joined, { by, at }) : joined;
}

/** What one process is sure of alone: a probe that failed, a target's own word, too few good answers. */
export function withEjection(
  health: SharedHealth,
  { by, at, ejections = 1 }: Witness & { readonly ejections?: number },
): SharedHealth {
  const { standing } = health;
  const isAgain = standing !== undefined && at - standing.at <= FORGIVEN_MS;
  const count = Math.max(ejections, isAgain ? standing.ejections + 1 : 1);
  return {
    ...health,
    standing: {
      episode: nextEpisode(health, at),
      phase: 'ejected',
      at,
      until: ejectionEnd(at, count),
      ejections: count,
      by,
    },
  };
}

/** A probe was answered: everybody lets the target return from now on. */
export function withReturn(health: SharedHealth, { by, at }: Witness, good: GoodMark): SharedHealth {
  const { standing } = health;
  const joined = joinHealth(health, { ...nothingShared, goods: [good] });
  // A call that began before it proves nothing.
  if (standing?.phase !== 'ejected' || good.at < standing.at) return joined;
  const { episode, ejections } = standing;
  return { ...joined, standing: { episode, ejections, phase: 'returning', at, until: at + RETURN_MS, by } };
}

/** Takes the one place of a probe; undefined where it is taken, or none is due. */
export function withProbe(health: SharedHealth, { by, at }: Witness): SharedHealth | undefined {
  const { standing } = health;
  if (standing?.phase !== 'ejected' || at < standing.until || isProbeOpen(standing, at)) return undefined;
  return { ...health, standing: { ...standing, probe: { by, at, open: true } } };
}

/** Nothing was learned by a probe: its place is free. Undefined where it is not this process's. */
export function withoutProbe(health: SharedHealth, { by }: Pick<Witness, 'by'>): SharedHealth | undefined {
  const { standing } = health;
  if (standing?.probe?.open !== true || standing.probe.by !== by) return undefined;
  return { ...health, standing: { ...standing, probe: { ...standing.probe, open: false } } };
}

/** True while somebody's probe is under way. One that never reports back gives its place up. */
export function isProbeOpen({ probe }: Standing, at: InstantMs): boolean {
  return probe?.open === true && Math.abs(at - probe.at) < PROBE_MS_MAX;
}

/** Whether a good answer is news: failures were told, and nobody told of a good answer since. */
export function isSuspected(health: SharedHealth, at: InstantMs): boolean {
  return runOf(health, at).length >= SUSPECTED_MIN;
}

/** The failures that nobody's good answer came after, nor an ejection. */
function runOf({ failures, goods, standing }: SharedHealth, at: InstantMs): readonly FailureMark[] {
  const goodAt = goods[0]?.at ?? Number.NEGATIVE_INFINITY;
  const after = Math.max(goodAt, standing?.at ?? Number.NEGATIVE_INFINITY, at - FORGIVEN_MS);
  return failures.filter((mark) => mark.at > after);
}

/** Whether what all processes saw is enough to eject. */
export function isFailing(health: SharedHealth, at: InstantMs): boolean {
  const run = runOf(health, at);
  const [first] = run;
  if (first === undefined) return false;
  const spanMs = at - first.at;
  const points = run.reduce((sum, mark) => sum + mark.points, 0);
  const processes = new Set(run.map(({ by }) => by)).size;
  const long = run.length >= FAILURES_MIN && spanMs >= FAILING_MS_MAX;
  const much = points >= POINTS_MAX && spanMs >= (processes > 1 ? CONFIRMED_MS : FAILING_MS_MAX);
  return (long || much) && !isForOneOrigin(run, health, at);
}

function isForOneOrigin(run: readonly FailureMark[], { goods }: SharedHealth, at: InstantMs): boolean {
  const [newest, other] = goods;
  return isOneOriginsDoing(
    run.map(({ origin }) => origin),
    {
      goodOrigin: newest?.origin,
      lastSuccessAt: newest?.at,
      otherGoodAt: other?.at,
      otherTenantGood: isOfTwoTenants(newest, other) ? other : undefined,
      at,
    },
  );
}

function isOfTwoTenants(one: GoodMark | undefined, other: GoodMark | undefined): boolean {
  return one !== undefined && other !== undefined && tenantPartOf(one.origin) !== tenantPartOf(other.origin);
}

function isInForce(standing: Standing | undefined, at: InstantMs): boolean {
  return standing?.phase === 'ejected' && at < standing.until;
}
