/** What the control loop needs of a checked configuration, resolved once against the facts. */
import type { SpillwayConfig } from '#contract/config.ts';
import { baselineOf, resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import type { DedicatedName } from '#core/discovery/answers.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { observedPlaces, trackedModels } from '#core/metrics/metric-shape.ts';
import type { PlannedAccount, PlannedModel } from '#core/plan/planned-model.ts';
import type { LimitSharing } from '#core/plan/share-limit.ts';
import { type ResidencyPolicy, resolveResidency } from '#core/residency/resolve-residency.ts';
import type { Target } from '#core/target.ts';

export interface ControlSetting {
  readonly models: readonly PlannedModel[];
  readonly policies: readonly ResidencyPolicy[];
  readonly accounts: readonly PlannedAccount[];
  readonly sharing: LimitSharing;
  readonly facts: CompiledFacts;
  /** Every observed (account, region), in order of configuration. */
  readonly accountRegions: readonly { readonly account: string; readonly region: string }[];
  readonly tracked: ReadonlySet<string>;
  readonly guard: { readonly vanishShareMax: number; readonly ageMsMax: number };
  readonly verify: { readonly enabled: boolean; readonly costMicroUsdPerDayMax: number };
  baselineOf(model: string, residency: string): readonly Target[];
  dedicatedIn(account: string, region: string): readonly DedicatedName[];
}

export function controlSetting(config: SpillwayConfig, facts: CompiledFacts): ControlSetting {
  const models = Object.entries(config.models).map(([name, model]) => ({ name, ...model }));
  const { entries } = resolveBaselines({ ...config, facts });
  const { guard, verify } = config;
  const policies = Object.entries(config.residencies).map(([name, spec]) =>
    resolveResidency(name, spec, facts),
  );
  return {
    models,
    policies,
    accounts: config.accounts,
    sharing: { gateways: config.gateways, policies, remoteShare: config.capacity.remoteShare },
    facts,
    accountRegions: observedPlaces(config),
    tracked: trackedModels(config),
    guard: { vanishShareMax: guard.vanishShareMax, ageMsMax: guard.ageSecondsMax * 1000 },
    verify: {
      enabled: verify.enabled,
      costMicroUsdPerDayMax: Math.round(verify.costUsdPerDayMax * 1_000_000),
    },
    baselineOf: (model, residency) => baselineOf(entries, model, residency),
    dedicatedIn: (account, region) =>
      models
        .flatMap((model) => model.dedicated)
        .filter((each) => each.account === account && each.region === region)
        .map(({ endpoint, component, servedModel }) => ({
          endpoint,
          component,
          servedModel: servedModel ?? endpoint,
        })),
  };
}
