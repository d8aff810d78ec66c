import { judgeGatewayRegion, judgeLawful } from '#core/residency/judge-reach.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { Readiness } from './gateway.ts';
import type { Services } from './services.ts';

/**
 * Whether every (model, residency) that this gateway may serve can be decided, from the table, the last good routes
 * or the baseline. Faults of targets and tables do not count: a gateway with nothing but its baseline is ready. A
 * pair without any lawful target is missing only until the first refresh has ended; then its answer is known.
 */
export function readinessOf(services: Services): Readiness {
  const { config, policies, region, routeSource } = services;
  if (routeSource.hasStarted()) return { ready: true, missing: [] };
  const here = [...policies.values()].filter((policy) => judgeGatewayRegion(policy, region).lawful);
  const missing = Object.keys(config.models).flatMap((model) =>
    here
      .filter((policy) => !canBeDecided(services, model, policy))
      .map((policy) => `${model}/${policy.name}`),
  );
  return { ready: missing.length === 0, missing };
}

function canBeDecided(
  { routeSource, facts, region }: Services,
  model: string,
  policy: ResidencyPolicy,
): boolean {
  const { targets, baseline } = routeSource.routeFor(model, policy.name);
  return [...targets, ...baseline].some(
    (target) => judgeLawful({ policy, target, facts, gatewayRegion: region }).lawful,
  );
}
