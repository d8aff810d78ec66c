import type { Explanation } from '#contract/http.ts';
import { isKnownFull } from '#core/capacity/room.ts';
import { regionHealthKey } from '#core/decide/condition-keys.ts';
import type { Candidate, Removal } from '#core/decide/decision.ts';
import { judgeHealth } from '#core/health/judge-health.ts';
import type { TargetHealth } from '#core/health/target-health.ts';
import type { Target } from '#core/target.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import type { Foreseen } from './foresee.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';

type Told = Explanation['removed'][number];
type Ejection = NonNullable<Told['ejection']>;
type Pressure = NonNullable<Told['pressure']>;

/** A removal for what passes: with what this process knows of how long, and who found out. */
export function withPressure(
  services: Services,
  job: Job,
  {
    removal,
    denials,
    routed,
  }: {
    readonly removal: Removal;
    readonly denials: ReadonlyMap<string, Foreseen>;
    /** Somebody else is asked. */
    readonly routed: boolean;
  },
): Told {
  const { sourced, call } = job;
  const target = [...sourced.targets, ...sourced.baseline].find(({ id }) => id === removal.target);
  if (target === undefined) return removal;
  switch (removal.code) {
    case 'ejected': {
      const ejection = ejectionOf(services, target, call.origin);
      return ejection === undefined ? removal : { ...removal, ejection };
    }
    case 'no-capacity': {
      const heard = pressureOf(services, target, call.options.lane);
      const pressure = foreseenPressure(denials.get(target.id), heard.until) ?? heard;
      // Where there is nobody else, a call waits for what comes free first.
      const { waitMsMax: _none, ...rest } = pressure;
      return { ...removal, pressure: !routed && pressure.waitMsMax === 0 ? rest : pressure };
    }
    default:
      return removal;
  }
}

/** What is out: the target for everybody, else for such requests, else its whole region. */
function ejectionOf(
  { book, healthSharing }: Services,
  target: Target,
  origin: string | undefined,
): Ejection | undefined {
  const { health, blamed } = book.view();
  const regionKey = regionHealthKey(target);
  const own = health.get(target.id);
  if (isLimited(own)) return { of: 'target', ...found(own, healthSharing.isOthers(target.id)) };
  const forOrigin = origin === undefined ? undefined : blamed?.get(target.id)?.get(origin);
  // Each process blames origins by itself.
  if (isLimited(forOrigin)) return { of: 'such-requests', ...found(forOrigin, false) };
  const region = health.get(regionKey);
  return isLimited(region)
    ? { of: 'region', ...found(region, healthSharing.isOthers(regionKey)) }
    : undefined;
}

type Limited = Exclude<TargetHealth, { readonly kind: 'healthy' }>;

const isLimited = (health: TargetHealth | undefined): health is Limited =>
  health !== undefined && health.kind !== 'healthy';

function found(health: Limited, isOthers: boolean): Omit<Ejection, 'of'> {
  return {
    foundBy: isOthers ? 'another-process' : 'this-process',
    phase: health.kind,
    // A probe ends when its target answers, or does not.
    ...(health.kind === 'half-open' ? {} : { until: isoOfInstant(health.until) }),
  };
}

/** What admission would lack. Undefined where it would not have been asked. */
function foreseenPressure(
  foreseen: Foreseen | undefined,
  heardUntil: string | undefined,
): Pressure | undefined {
  if (foreseen === undefined) return undefined;
  const { by, denial } = foreseen;
  if (denial.reason === 'never-fits') {
    const { neededTokens, heldTokens } = denial;
    return { lacks: by === 'quota' ? 'quota' : 'memory', neededTokens, heldTokens };
  }
  if ('retryAt' in denial) return { lacks: 'quota', throttled: false, ...until(denial.retryAt) };
  const { lacks, waitMsMax } = denial;
  return { lacks, waitMsMax, ...(waitMsMax === 0 && heardUntil !== undefined ? { until: heardUntil } : {}) };
}

/** Targets of the plan that were out for long enough, so that the next request is their probe and others go past them. */
export function probesOf(
  { book, clock }: Pick<Services, 'book' | 'clock'>,
  plan: readonly Candidate[],
): { readonly probes?: string[] } {
  const { health } = book.view();
  const at = clock.now();
  const isProbe = (key: string): boolean => {
    const known = health.get(key);
    return known !== undefined && judgeHealth(known, at, 0) === 'probe';
  };
  const probes = plan
    .map(({ target }) => target)
    .filter((target) => isProbe(target.id) || (target.kind === 'bedrock' && isProbe(regionHealthKey(target))))
    .map(({ id }) => id);
  return probes.length === 0 ? {} : { probes };
}

function pressureOf(
  { book, rooms, clock }: Services,
  target: Target,
  lane: Job['call']['options']['lane'],
): Pressure {
  const at = clock.now();
  const restsUntil = book.view().resting.get(target.quotaPool);
  if (restsUntil !== undefined && restsUntil > at)
    return book.isAsleep(target, at)
      ? { lacks: 'copies', ...until(restsUntil) }
      : { lacks: 'quota', throttled: true, ...until(restsUntil) };
  const room = rooms.of(target.id);
  return { lacks: 'slots', waitMsMax: 0, ...(isKnownFull(room, lane, at) ? until(room.fullUntil) : {}) };
}

const until = (instant: InstantMs): { readonly until: string } => ({ until: isoOfInstant(instant) });
