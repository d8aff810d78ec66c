import type { SpillwayConfig } from '#contract/config.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { judgeGatewayRegion, judgeReach } from '#core/residency/judge-reach.ts';
import { type Target, targetId } from '#core/target.ts';
import type { Tenant } from '../ports/tenant-directory.ts';
import type { Viewer } from './identify-viewer.ts';
import { modelsOf } from './ingress.ts';
import type { Services } from './services.ts';

/**
 * Which observed targets may be told to a viewer: those of models that it may use, all that AWS lists where it may use
 * every model, whose reach lies inside one of its residencies, all where one of them has no bound.
 */
export function visibleTo(
  { config, policies, facts }: Pick<Services, 'config' | 'policies' | 'facts'>,
  { tenant, isOperator }: Viewer,
): (target: Observation) => boolean {
  if (isOperator) return () => true;
  const isInside = insideResidenciesOf({ policies, facts }, tenant);
  const isModels = tenant.models.includes('*') ? () => true : ofModels(config, modelsOf(config, tenant));
  return (target) => isModels(target) && isInside(target);
}

/** Whether the reach of a target lies inside one of the tenant's residencies; always where one of them has no bound. */
function insideResidenciesOf(
  { policies, facts }: Pick<Services, 'policies' | 'facts'>,
  tenant: Tenant,
): (target: Parameters<typeof judgeReach>[0]['target']) => boolean {
  const own = tenant.residencies.flatMap((name) => policies.get(name) ?? []);
  if (own.some(({ allowed }) => allowed === 'any')) return () => true;
  return (target) => own.some((policy) => judgeReach({ policy, target, facts }).lawful);
}

/**
 * Whether a viewer may be told that discovery looks at a region, and how that went. Whoever may call nothing from there
 * would else learn from the age of a report which places others have.
 */
export function regionsVisibleTo(
  { policies }: Pick<Services, 'policies'>,
  { tenant, isOperator }: Viewer,
): (region: string) => boolean {
  if (isOperator) return () => true;
  const own = tenant.residencies.flatMap((name) => policies.get(name) ?? []);
  return (region) => own.some((policy) => judgeGatewayRegion(policy, region).lawful);
}

/** The same of the targets of a route, whose model the viewer was seen to use. */
export function routedVisibleTo(
  services: Pick<Services, 'policies' | 'facts'>,
  { tenant, isOperator }: Viewer,
): (target: Target) => boolean {
  return isOperator ? () => true : insideResidenciesOf(services, tenant);
}

function ofModels(config: SpillwayConfig, names: readonly string[]): (target: Observation) => boolean {
  const models = names.flatMap((name) => config.models[name] ?? []);
  const candidates = new Set(models.flatMap((model) => model.candidates.map(({ id }) => id)));
  const dedicated = new Set(models.flatMap((model) => model.dedicated.map(targetId)));
  return ({ id, kind, modelId }) => (kind === 'bedrock' ? candidates.has(modelId) : dedicated.has(id));
}
