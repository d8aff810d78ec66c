import type { Decision, RemovalCode } from '#core/decide/decision.ts';
import type { Tier } from '#core/target.ts';
import type { Job } from './job.ts';

/** What keeps requests from a dedicated target for a while. */
const passingRemovals: ReadonlySet<RemovalCode> = new Set(['no-capacity', 'ejected']);

/** The best tier of the route, whatever its state: the dedicated one where only load, health or sleep keep the request off it. */
export function wantedTier(
  job: Pick<Job, 'sourced'>,
  decision: Decision & { readonly kind: 'routed' },
): Tier {
  const [best] = decision.plan;
  const isKeptOff = meetsSleep(job, decision) || isTurnedAway(job, decision);
  return isKeptOff ? 'dedicated' : best.tier;
}

/** Whether a dedicated target has no copy yet, asked for or not, and nothing else stands against it. */
export function meetsSleep({ sourced }: Pick<Job, 'sourced'>, { wakeUps, trail }: Decision): boolean {
  if (wakeUps.length > 0 || trail.removed.length === 0) return wakeUps.length > 0;
  const unusable = targetsOf(trail, (code) => code === 'state-unusable');
  return sourced.targets.some(({ id, state }) => state === 'warming' && unusable.has(id));
}

/** Whether a dedicated target would have been the first but for its load or its health. */
function isTurnedAway({ sourced }: Pick<Job, 'sourced'>, { trail }: Decision): boolean {
  if (trail.removed.length === 0) return false;
  const keptOff = targetsOf(trail, (code) => passingRemovals.has(code));
  return sourced.targets.some(({ id, scope }) => scope === 'dedicated' && keptOff.has(id));
}

function targetsOf({ removed }: Decision['trail'], isMeant: (code: RemovalCode) => boolean): Set<string> {
  return new Set(removed.filter(({ code }) => isMeant(code)).map(({ target }) => target));
}
