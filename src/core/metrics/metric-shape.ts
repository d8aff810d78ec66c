/** What of a configuration decides how many custom metrics it makes, and so what they cost. */
import type { MetricShape } from './registry.ts';

export interface ObservedConfig {
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly gateways: readonly string[];
  readonly models: Readonly<
    Record<
      string,
      {
        readonly candidates: readonly { readonly id: string }[];
        readonly dedicated: readonly { readonly account: string; readonly region: string }[];
      }
    >
  >;
  readonly discovery: { readonly tracked: readonly string[] };
  readonly audit: { readonly enabled: boolean };
  readonly tenants: Readonly<Record<string, unknown>>;
}

/** Listed regions of every account, and regions that only a dedicated target names. */
export function observedPlaces(
  config: Pick<ObservedConfig, 'accounts' | 'models'>,
): readonly { readonly account: string; readonly region: string }[] {
  const places = new Map<string, { account: string; region: string }>();
  const add = (account: string, region: string): void => {
    places.set(`${account}/${region}`, { account, region });
  };
  for (const account of config.accounts) {
    for (const region of account.regions) add(account.id, region);
  }
  for (const model of Object.values(config.models)) {
    for (const each of model.dedicated) add(each.account, each.region);
  }
  return [...places.values()];
}

/** Every candidate, and what `discovery.tracked` adds. */
export function trackedModels(config: Pick<ObservedConfig, 'models' | 'discovery'>): ReadonlySet<string> {
  const candidates = Object.values(config.models).flatMap((model) => model.candidates.map(({ id }) => id));
  return new Set([...candidates, ...config.discovery.tracked]);
}

export function metricShapeOf(config: ObservedConfig): MetricShape {
  return {
    accounts: config.accounts.length,
    accountRegions: observedPlaces(config).length,
    trackedModels: trackedModels(config).size,
    models: Object.keys(config.models).length,
    dedicatedModels: Object.values(config.models).filter((model) => model.dedicated.length > 0).length,
    gateways: config.gateways.length,
    auditedGateways: config.audit.enabled ? config.gateways.length : 0,
    tenants: Object.keys(config.tenants).length,
  };
}
