import type { SpillwayConfig } from '#contract/config.ts';

/**
 * The configuration as the deployed functions get it: whole, but without the keys of tenants, which are for local mode
 * only and must not be written into a bundle, and without the pipeline, which changes no function.
 */
export function bundledConfig(config: SpillwayConfig): string {
  const tenants = Object.entries(config.tenants).map(([name, tenant]) => {
    const { keys: _localKeys, ...rest } = tenant;
    return [name, rest];
  });
  const { pipeline: _pipeline, ...deployed } = config;
  return JSON.stringify({ ...deployed, tenants: Object.fromEntries(tenants) });
}
