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
  return decision.wakeUps.length > 0 || isKeptOff(job, decision) ? 'dedicated' : best.tier;
}

/** Whether a dedicated target would have been the first but for its load or its health. */
function isKeptOff({ sourced }: Pick<Job, 'sourced'>, { trail }: Decision): boolean {
  if (trail.removed.length === 0) return false;
  const keptOff = new Set(
    trail.removed.filter(({ code }) => passingRemovals.has(code)).map(({ target }) => target),
  );
  return sourced.targets.some(({ id, scope }) => scope === 'dedicated' && keptOff.has(id));
}
