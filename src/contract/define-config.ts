import type { SpillwayConfigInput } from './config.ts';

export type { SpillwayConfigInput } from './config.ts';

/**
 * Types a configuration file; its default export goes through `parseConfig` and `checkConfig` when it is loaded,
 * which report all violations at once.
 */
export function defineConfig(config: SpillwayConfigInput): SpillwayConfigInput {
  return config;
}
