import type { SpillwayConfig } from '#contract/config.ts';
import type { TokenEstimate } from '#core/limits/reserved-tokens.ts';
import { limitedRates, sharingGateways, type TenantLimits } from '#core/limits/tenant-limits.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { Log } from '../ports/log.ts';
import type { RateLedger } from '../ports/rate-ledger.ts';
import type { BucketMeter, RateView } from './bucket-meter.ts';
import { type BucketUnits, type Reserved, TenantMeter } from './tenant-meter.ts';
import type { WriteBehind } from './write-behind.ts';

/** What the answer says of the limits that were nearest; a unit without a limit is left out. */
export interface RateViews {
  readonly requests?: RateView | undefined;
  readonly tokens?: RateView | undefined;
}

/** A request that is to be paid for: its buckets, not charged yet. */
export interface RateAccount {
  /** The buckets in which the tokens could never be had: more than a minute brings. Nothing is taken. */
  readonly tooSmallFor: (tokens: number) => BucketMeter | undefined;
  /** Takes one request and the tokens, or nothing. */
  reserve(tokens: number): Promise<Reserved>;
  /** Ends a grant. Once. */
  settle(tokens: { readonly reserved: number; readonly used: number }, safely: boolean): void;
  views(): RateViews;
}

/** What a request was charged, until it is known what it used. */
export interface Charge {
  readonly estimate: TokenEstimate;
  /** @param tokens that the request used; only the first call counts */
  settle(tokens: number): void;
  views(): RateViews;
}

export interface RateLimiter {
  /** Undefined for a tenant without limits: then there is nothing to do. */
  accountOf(tenant: string, model: string): RateAccount | undefined;
}

export interface RateLimiterDependencies {
  readonly config: Pick<SpillwayConfig, 'tenants' | 'gateways'>;
  readonly policies: ReadonlyMap<string, ResidencyPolicy>;
  /** The gateway's own region, whose share this is. */
  readonly region: string;
  readonly rates: RateLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<GatewayMetrics, 'count'>;
  readonly behind: WriteBehind;
}

/** The limits of all tenants in one process. Made once; tenants without limits cost one look into a map. */
export function createRateLimiter(dependencies: RateLimiterDependencies): RateLimiter {
  const tenants = new Map(
    Object.entries(dependencies.config.tenants).flatMap(([name, { limits, residencies }]) =>
      limits === undefined ? [] : [[name, new LimitedTenant(dependencies, { name, limits, residencies })]],
    ),
  );
  return { accountOf: (tenant, model) => tenants.get(tenant)?.accountOf(model) };
}

interface TenantSpec {
  readonly name: string;
  readonly limits: TenantLimits;
  readonly residencies: readonly string[];
}

class LimitedTenant {
  private readonly dependencies: RateLimiterDependencies;
  private readonly spec: TenantSpec;
  private readonly meter: TenantMeter;
  private readonly accounts = new Map<string, RateAccount | undefined>();

  constructor(dependencies: RateLimiterDependencies, spec: TenantSpec) {
    this.dependencies = dependencies;
    this.spec = spec;
    this.meter = new TenantMeter({ ...dependencies, ledger: dependencies.rates, tenant: spec.name });
  }

  /** Models are those of the configuration: there is no end of names otherwise. */
  accountOf(model: string): RateAccount | undefined {
    if (!this.accounts.has(model)) this.accounts.set(model, this.open(model));
    return this.accounts.get(model);
  }

  private open(model: string): RateAccount | undefined {
    const rates = limitedRates(this.spec.limits, model, this.sharing());
    const meters = rates.map((limited) => this.meter.meterOf(limited));
    if (meters.length === 0) return undefined;
    const { clock } = this.dependencies;
    const inTokens = meters.filter(({ limited }) => limited.unit === 'tokens');
    return {
      tooSmallFor: (tokens) => inTokens.find(({ limited }) => tokens > limited.rate.perMinute),
      reserve: (tokens) => this.meter.reserve(itemsOf(meters, tokens)),
      settle: ({ reserved, used }, safely) => {
        const returns = inTokens.map((meter) => ({ meter, units: reserved - used }));
        this.meter.settle(returns, safely);
      },
      views: () => viewsOf(meters, clock.now(), this.meter.safeShare()),
    };
  }

  private sharing(): { readonly count: number; readonly index: number } {
    const { config, policies, region } = this.dependencies;
    const allowed = this.spec.residencies.flatMap((name) => policies.get(name) ?? []);
    const gateways = sharingGateways(config.gateways, allowed);
    const index = gateways.indexOf(region);
    // One that is not among them is sent nothing; were it, the smallest share would do.
    return index < 0
      ? { count: gateways.length + 1, index: gateways.length }
      : { count: gateways.length, index };
  }
}

function itemsOf(meters: readonly BucketMeter[], tokens: number): readonly BucketUnits[] {
  return meters.flatMap((meter) => {
    const units = meter.limited.unit === 'requests' ? 1 : tokens;
    return units === 0 ? [] : [{ meter, units }];
  });
}

/** Of each unit the bucket with the least left: that is what a caller meets first. */
function viewsOf(
  meters: readonly BucketMeter[],
  at: number,
  safely: { readonly processes: number } | undefined,
): RateViews {
  const nearest = (unit: 'requests' | 'tokens'): RateView | undefined =>
    meters
      .filter(({ limited }) => limited.unit === unit)
      .map((meter) => meter.view(at, safely))
      .reduce<RateView | undefined>(
        (least, each) => (least === undefined || each.remaining < least.remaining ? each : least),
        undefined,
      );
  return { requests: nearest('requests'), tokens: nearest('tokens') };
}
