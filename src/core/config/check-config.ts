/**
 * core/config: what must hold between the parts of a configuration, once each part has its shape.
 *
 * Invariant: an error means that a deployment would break a promise or could not run; a warning means that it runs
 * and will disappoint. All findings come at once, each with its path. The folder owns no state.
 */
import { type BaselineConfig, type BaselineEntry, resolveBaselines } from '../baseline/resolve-baselines.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { metricShapeOf } from '../metrics/metric-shape.ts';
import { monthlyBillUsd } from '../metrics/registry.ts';
import { checkAccounts } from './check-accounts.ts';
import { checkBatches } from './check-batches.ts';
import { checkCapacity } from './check-capacity.ts';
import { checkControls } from './check-controls.ts';
import { checkDeployments } from './check-deployments.ts';
import { checkEngines } from './check-engines.ts';
import { checkFrontDoor } from './check-front-door.ts';
import { checkGuardrails } from './check-guardrails.ts';
import { checkLanes } from './check-lanes.ts';
import { checkLimits } from './check-limits.ts';
import { checkModels } from './check-models.ts';
import { checkPipeline } from './check-pipeline.ts';
import { checkPrincipals } from './check-principals.ts';
import { checkQuotas } from './check-quotas.ts';
import { checkResidencies } from './check-residencies.ts';
import { checkShares } from './check-shares.ts';
import { checkState } from './check-state.ts';
import { checkTenants } from './check-tenants.ts';
import { checkVectorSpaces } from './check-vector-spaces.ts';
import { checkWebFunctions } from './check-web-functions.ts';
import type { CheckableConfig, ConfigFinding, ConfigFindings } from './config-findings.ts';

/** Relations within a parsed configuration. Empty facts make errors of fact into warnings: nothing can be verified. */
export function checkConfig(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const { entries, violations } = resolveBaselines({ ...config, facts });
  const verifiable = facts.models.length > 0;
  const parts: readonly ConfigFindings[] = [
    checkAccounts(config, facts),
    checkResidencies(config, facts),
    checkModels(config, facts),
    checkEngines(config, facts),
    checkDeployments(config, facts),
    checkShares(config, facts),
    checkQuotas(config),
    checkGuardrails(config, facts),
    checkVectorSpaces(config),
    checkTenants(config),
    checkPrincipals(config),
    checkFrontDoor(config, facts),
    checkWebFunctions(config),
    checkLimits(config, facts),
    checkLanes(config),
    checkCapacity(config),
    checkBatches(config),
    checkControls(config, facts),
    checkState(config),
    checkPipeline(config),
    verifiable ? { errors: violations, warnings: [] } : { errors: [], warnings: violations },
    { errors: [], warnings: [...missingBaselines(config, entries), ...metricsOverBudget(config)] },
  ];
  return {
    errors: parts.flatMap((part) => part.errors),
    warnings: parts.flatMap((part) => part.warnings),
  };
}

function missingBaselines(
  config: BaselineConfig,
  entries: readonly BaselineEntry[],
): readonly ConfigFinding[] {
  return Object.keys(config.residencies).flatMap((residency) => {
    const models = Object.keys(config.models).filter(
      (model) => !entries.some((entry) => entry.model === model && entry.residency === residency),
    );
    if (models.length === 0) return [];
    const message = `no lawful baseline for ${models.join(', ')}: when nothing else answers, such requests fail`;
    return [{ path: `residencies.${residency}`, message }];
  });
}

function metricsOverBudget(config: CheckableConfig): readonly ConfigFinding[] {
  const billUsd = monthlyBillUsd(metricShapeOf(config));
  const { budgetUsdPerMonth } = config.metrics;
  if (billUsd <= budgetUsdPerMonth) return [];
  const message = `custom metrics may cost up to USD ${billUsd.toFixed(2)} a month, the budget is ${budgetUsdPerMonth}: raise it, or track fewer models`;
  return [{ path: 'metrics.budgetUsdPerMonth', message }];
}
