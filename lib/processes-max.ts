import type { SpillwayConfig } from '#contract/config.ts';
import { targetId } from '#core/target.ts';

/**
 * The configuration with `capacity.processesMax` filled in, where it says nothing and the gateways' concurrency is known:
 * every environment that can lend slots of one target at a time. Those are the gateway's, and the dispatchers of each
 * model that the target serves. Where a Web Function stands nobody knows: AWS starts more than its bound while it changes.
 */
export function withProcessesMax(
  config: SpillwayConfig,
  gatewayConcurrency: number | undefined,
): SpillwayConfig {
  const { capacity, batches, webFunctions } = config;
  if (gatewayConcurrency === undefined || capacity.processesMax !== undefined) return config;
  if (Object.keys(webFunctions).length > 0) return config;
  const dispatchers = batches.enabled ? batches.dispatchersMax * modelsAtOneTarget(config) : 0;
  return { ...config, capacity: { ...capacity, processesMax: gatewayConcurrency + dispatchers } };
}

/** The most logical models that call one target: each has a queue and dispatchers of its own. */
function modelsAtOneTarget({ models }: SpillwayConfig): number {
  const counts = new Map<string, number>();
  for (const { candidates, dedicated } of Object.values(models)) {
    const called = new Set([...candidates.map(({ id }) => id), ...dedicated.map((each) => targetId(each))]);
    for (const id of called) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
