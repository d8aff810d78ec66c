import { parseConfig, type SpillwayConfig, type SpillwayConfigInput } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';

/** A parsed configuration; fails the test that asks for a malformed one. */
export function parsedConfig(input: SpillwayConfigInput): SpillwayConfig {
  const parsed = parseConfig(input);
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

let wholeAcme: SpillwayConfig | undefined;

/** The default example with some of its parts replaced. The whole one is parsed once, and nobody may write to it. */
export function acmeConfig(changes?: Partial<SpillwayConfigInput>): SpillwayConfig {
  if (changes !== undefined) return parsedConfig({ ...acme, ...changes });
  wholeAcme ??= frozen(parsedConfig(acme));
  return wholeAcme;
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
