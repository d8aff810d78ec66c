import { judgeGatewayRegion } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Rate } from './rate-bucket.ts';
import { shareOfLimit } from './share-of-limit.ts';

/** Whole numbers of a minute; what is left out is unlimited. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** A tenant's limits over all gateways, as the configuration has them. */
export interface TenantLimits extends RateLimits {
  /** By logical model, beside the limits of all models together. */
  readonly models?: Readonly<Record<string, RateLimits>> | undefined;
}

type LimitedUnit = 'requests' | 'tokens';

/** One bucket of one tenant in one region. */
export interface LimitedRate {
  /** Unique within the tenant: part of stored names, never changed. */
  readonly bucket: string;
  readonly unit: LimitedUnit;
  /** The model whose limit it is; undefined for that of all models together. */
  readonly model?: string | undefined;
  /** This region's share. */
  readonly rate: Rate;
}

/** The gateway regions among which a tenant's limits are divided: those that one of its residencies allows. */
export function sharingGateways(
  gateways: readonly string[],
  policies: readonly ResidencyPolicy[],
): readonly string[] {
  return gateways.filter((region) => policies.some((policy) => judgeGatewayRegion(policy, region).lawful));
}

/** Every bucket that a call of the model is charged to, in one region. */
export function limitedRates(
  limits: TenantLimits,
  model: string,
  gateways: { readonly count: number; readonly index: number },
): readonly LimitedRate[] {
  const { models = {} } = limits;
  const own = Object.hasOwn(models, model) ? models[model] : undefined;
  return [
    ...ratesOf(limits, undefined, gateways),
    ...(own === undefined ? [] : ratesOf(own, model, gateways)),
  ];
}

function ratesOf(
  { requestsPerMinute, tokensPerMinute }: RateLimits,
  model: string | undefined,
  gateways: { readonly count: number; readonly index: number },
): readonly LimitedRate[] {
  const rows = [
    { unit: 'requests', limit: requestsPerMinute },
    { unit: 'tokens', limit: tokensPerMinute },
  ] as const;
  return rows.flatMap(({ unit, limit }) => {
    if (limit === undefined) return [];
    const bucket = model === undefined ? unit : `${unit}#${model}`;
    return [{ bucket, unit, model, rate: { perMinute: shareOfLimit(limit, gateways) } }];
  });
}
