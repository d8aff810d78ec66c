/**
 * usecases/operate: what operators do to routes and regions, each with a name and a reason.
 *
 * Invariant: no operation publishes a target that the residency forbids, and every one is logged before it acts. The
 * stores own the state.
 */
import { houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import type { PlannedModel } from '#core/plan/planned-model.ts';
import { rolledBackReason } from '#core/plan/publication-reason.ts';
import { judgedNow, refreshTarget } from '#core/plan/refresh-target.ts';
import type { Hold, Route } from '#core/plan/route.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { Target } from '#core/target.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ControlSetting } from '../plan/control-setting.ts';
import type { PlanDependencies } from '../plan/plan-routes.ts';
import { sealRoute } from '../plan/seal-route.ts';
import type { RouteStore } from '../ports/route-store.ts';

export interface RollbackOrder {
  readonly model: string;
  readonly residency: string;
  /** A version that the history still holds, from 1. */
  readonly version: number;
  /** The version that must stand before it. @default - whichever does */
  readonly standing?: number | undefined;
  readonly by: string;
  readonly reason: string;
  /** How long plan publishes nothing over it. @default 24 */
  readonly holdHours?: number | undefined;
}

export interface Rollback {
  /** The new version, with the old content. */
  readonly route: Route;
  readonly hold: Hold;
  /** Targets of the old version that the residency forbids today: they did not come back. */
  readonly leftOut: readonly string[];
}

const HOLD_HOURS = 24;
const HOUR_MS = 3_600_000;
/** Plan may publish in between; a few attempts outlast any run of it. */
const ATTEMPTS_MAX = 5;

type RollbackDependencies = Pick<PlanDependencies, 'clock' | 'routes' | 'observations' | 'digest' | 'log'>;

/**
 * Publishes an old version again, as a new one, and holds it: its targets in its order, each with the state, share and
 * price that observations, or else the standing route, give it today.
 *
 * @throws HouseError `route_unknown`, `version_unknown`, `condition_lost` (another version than the one that was named
 *   stands, or others published five times in between), or what the store throws
 */
export async function rollBackRoute(
  dependencies: RollbackDependencies,
  setting: ControlSetting,
  order: RollbackOrder,
): Promise<Rollback> {
  const { clock, routes, digest, log } = dependencies;
  const { model, residency, version, by, reason, holdHours = HOLD_HOURS } = order;
  const policy = setting.policies.find((each) => each.name === residency);
  const planned = setting.models.find((each) => each.name === model);
  if (policy === undefined || planned === undefined) {
    throw houseError('route_unknown', {
      message: `the configuration has no route of model ${model} for residency ${residency}`,
    });
  }
  const history = await routes.loadHistory(model, residency);
  const old = history.find((each) => each.version === version);
  if (old === undefined) {
    const known = history.map((each) => each.version).join(', ');
    throw houseError('version_unknown', {
      message: `version ${version} is not in the history; it holds ${known === '' ? 'nothing' : known}`,
    });
  }
  await mustStand(routes, order);
  log.write('warn', 'operator-rolled-back', { model, residency, version, by, reason, holdHours });
  const now = await observedNow(dependencies, setting, { policy, model: planned });
  const lawful = (target: Target): boolean =>
    !now.unlawful.has(target.id) && judgeReach({ policy, target, facts: setting.facts }).lawful;
  const until = isoOfInstant(clock.now() + holdHours * HOUR_MS);
  const hold = { model, residency, by, reason, until };
  // The hold goes first: a plan that runs between the two writes must not undo what is about to come.
  await routes.saveHold(hold);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const { standing, version: standingVersion } = await standingOf(routes, model, residency);
    if (order.standing !== undefined && order.standing !== standingVersion)
      throw notStanding(order, standingVersion, '; nothing was published, and the hold stands');
    const known = new Map([
      ...(standing?.targets ?? []).map((each) => [each.id, each] as const),
      ...now.routable,
    ]);
    const targets = old.targets.map((each) => refreshTarget(each, known.get(each.id) ?? each));
    const { checksum: _checksum, publishedAt: _publishedAt, ...content } = old;
    const draft = {
      ...content,
      targets: targets.filter(lawful),
      baseline: old.baseline.filter(lawful),
      reason: rolledBackReason(version, { by, reason }),
    };
    const at = clock.now();
    const route = sealRoute(draft, { version: standingVersion + 1, at, digest });
    if (await routes.publish(route)) {
      const leftOut = targets.filter((target) => !lawful(target)).map((target) => target.id);
      return { route, hold, leftOut };
    }
  }
  throw houseError('condition_lost', {
    message: `others published model ${model} for ${residency} in between, ${ATTEMPTS_MAX} times; the hold stands`,
  });
}

/** Before anything is done. What is published while it is done is seen when it is published. */
async function mustStand(routes: RouteStore, order: RollbackOrder): Promise<void> {
  if (order.standing === undefined) return;
  const { version } = await standingOf(routes, order.model, order.residency);
  if (version !== order.standing) throw notStanding(order, version, '');
}

function notStanding({ model, residency, standing }: RollbackOrder, version: number, more: string) {
  return houseError('condition_lost', {
    message: `version ${version} of model ${model} for residency ${residency} stands now, not ${standing}${more}`,
  });
}

/** The route that stands, and its version also where a newer version of the product wrote what this one cannot read. */
async function standingOf(routes: RouteStore, model: string, residency: string) {
  const standing = await routes.load(model, residency);
  if (standing !== undefined) return { standing, version: standing.version };
  const { bad = [] } = await routes.loadAll();
  const unread = bad.find((item) => item.model === model && item.residency === residency);
  return { standing, version: unread?.version ?? 0 };
}

/** Observations refine a rollback and never stop it: without them the standing route says what is known. */
async function observedNow(
  { clock, observations, log }: RollbackDependencies,
  { facts, accounts, sharing, guard }: ControlSetting,
  { model, policy }: { readonly model: PlannedModel; readonly policy: ResidencyPolicy },
): Promise<ReturnType<typeof judgedNow>> {
  try {
    const { regions } = await observations.loadAll();
    const index = indexObservations({ regions, accounts, at: clock.now(), ageMsMax: guard.ageMsMax });
    // What callers saw fail is health, for gateways to judge; it is no member of a target.
    return judgedNow({ model, policy, facts, observations: index, denied: new Map(), sharing });
  } catch (error) {
    if (!isHouseError(error)) throw error;
    log.write('warn', 'rolled-back-without-observations', { code: error.code, message: error.message });
    return { routable: new Map(), unlawful: new Set() };
  }
}
