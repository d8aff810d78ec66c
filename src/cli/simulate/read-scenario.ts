import type { SpillwayConfig } from '#contract/config.ts';
import { type SwarmScenario, swarmScenarioSchema } from '#contract/swarm-scenario.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError all that is wrong with it, each with its path */
export function readScenario(
  text: string,
  { file, config }: { readonly file: string; readonly config: SpillwayConfig },
): SwarmScenario {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`--scenario: ${file} is no JSON`);
  }
  const parsed = swarmScenarioSchema.safeParse(json);
  const problems = parsed.success
    ? unknownPlaces(parsed.data, config)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  if (!parsed.success || problems.length > 0)
    throw new UsageError(`--scenario: ${file} is no scenario of this configuration: ${problems.join('; ')}`);
  return parsed.data;
}

/** Regions and models of faults that the configuration does not have: they would fail nothing. */
function unknownPlaces({ faults }: SwarmScenario, config: SpillwayConfig): readonly string[] {
  const regions = new Set(config.accounts.flatMap((account) => account.regions));
  const gateways = new Set(config.gateways);
  return faults.flatMap((fault, index) => {
    if (!('region' in fault)) return [];
    const known = fault.kind === 'table' || fault.kind === 'planted' ? gateways : regions;
    return known.has(fault.region)
      ? []
      : [`faults.${index}.region: ${fault.region} is none of ${[...known].join(', ')}`];
  });
}
