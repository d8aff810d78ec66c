import type { Removal } from '#core/decide/decision.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { trafficRule } from '#core/plan/planned-model.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { targetId } from '#core/target.ts';
import type { GatewayDependencies } from './gateway.ts';
import type { Job } from './job.ts';

/** The model's targets that discovery knows and the route lacks because their reach leaves the residency, by id. */
export function leftOutForResidency(
  { config, facts }: Pick<GatewayDependencies, 'config' | 'facts'>,
  { placement, sourced, call }: Pick<Job, 'placement' | 'sourced' | 'call'>,
  observed: readonly Observation[],
): readonly Removal[] {
  const { policy } = placement;
  const routed = new Set([...sourced.targets, ...sourced.baseline].map(({ id }) => id));
  const candidates = new Set(call.modelConfig.candidates.map(({ id }) => id));
  const dedicated = new Set(call.modelConfig.dedicated.map(targetId));
  const carriesTraffic = trafficRule(config.accounts);
  const isCandidate = ({ id, kind, account, region, modelId }: Observation): boolean =>
    kind === 'bedrock' ? candidates.has(modelId) && carriesTraffic(account, region) : dedicated.has(id);
  const ids = observed
    .filter((target) => !routed.has(target.id) && isCandidate(target))
    .filter((target) => !judgeReach({ policy, target, facts }).lawful)
    .map(({ id }) => id);
  return [...new Set(ids)].sort().map((target) => ({ target, by: 'residency', code: 'residency-forbidden' }));
}
