import type { CompiledFacts } from '../facts/compile-facts.ts';
import { type RateLimits, sharingGateways } from '../limits/tenant-limits.ts';
import { resolveResidency } from '../residency/resolve-residency.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

const EVERY_MODEL = '*';

/** Limits of tenants: for models that exist and are theirs, and large enough that every gateway has a share. */
export function checkLimits(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const errors = Object.entries(config.tenants).flatMap(([name, { limits, models, residencies }]) => {
    if (limits === undefined) return [];
    const policies = residencies.flatMap((each) => {
      const spec = config.residencies[each];
      return spec === undefined ? [] : [resolveResidency(each, spec, facts)];
    });
    const gateways = sharingGateways(config.gateways, policies).length;
    const path = `tenants.${name}.limits`;
    const ofModels = Object.entries(limits.models ?? {}).flatMap(([model, own]) => [
      ...unknownModel({ model, config, allowed: models, path: `${path}.models.${model}` }),
      ...sharelessLimits(own, gateways, `${path}.models.${model}`),
    ]);
    return [...sharelessLimits(limits, gateways, path), ...ofModels];
  });
  return { errors, warnings: [] };
}

function unknownModel(limit: {
  readonly model: string;
  readonly config: CheckableConfig;
  readonly allowed: readonly string[];
  readonly path: string;
}): readonly ConfigFinding[] {
  const { model, config, allowed, path } = limit;
  const known = Object.keys(config.models);
  if (!known.includes(model))
    return [{ path, message: `there is no model "${model}"; there are ${listText(known)}` }];
  if (allowed.includes(EVERY_MODEL) || allowed.includes(model)) return [];
  return [{ path, message: `"${model}" is not among the tenant's models, ${listText(allowed)}` }];
}

/** A gateway whose share is nothing would refuse every request. */
function sharelessLimits(limits: RateLimits, gateways: number, path: string): readonly ConfigFinding[] {
  return (['requestsPerMinute', 'tokensPerMinute'] as const).flatMap((name) => {
    const limit = limits[name];
    if (limit === undefined || limit >= gateways) return [];
    const message = `${limit} cannot be divided among the ${gateways} gateways that may serve the tenant; want ${gateways} or more`;
    return [{ path: `${path}.${name}`, message }];
  });
}
