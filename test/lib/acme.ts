import { parseConfig, type SpillwayConfig, type SpillwayConfigInput } from '#contract/config.ts';
import acmeInput from '#examples/acme.config.ts';

/** A configuration as the app would get it. */
export function checkedConfig(input: SpillwayConfigInput): SpillwayConfig {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
  return parsed.config;
}

export const acme: SpillwayConfig = checkedConfig(acmeInput);
