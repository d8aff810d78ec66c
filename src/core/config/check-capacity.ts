import type { CheckableConfig, ConfigFindings } from './config-findings.ts';

/** Capacity: a share that is set aside is divided among as many processes as there can be. */
export function checkCapacity({ capacity }: CheckableConfig): ConfigFindings {
  const { safeShare, processesMax } = capacity;
  if (safeShare === 0 || processesMax !== undefined) return { errors: [], warnings: [] };
  const message = `${safeShare} sets nothing aside while capacity.processesMax is not set: say there how many processes a gateway region can have (of functions: gatewayConcurrency, and with batches batches.dispatchersMax for each model), or want 0`;
  return { errors: [{ path: 'capacity.safeShare', message }], warnings: [] };
}
