import { parseConfig, type SpillwayConfig, type SpillwayConfigInput } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

/** A parsed configuration; fails the test that asks for a malformed one. */
export function parsedConfig(input: SpillwayConfigInput): SpillwayConfig {
  const parsed = parseConfig(input);
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

/** The default example with some of its parts replaced. */
export function acmeConfig(changes: Partial<SpillwayConfigInput> = {}): SpillwayConfig {
  return parsedConfig({ ...acme, ...changes });
}
