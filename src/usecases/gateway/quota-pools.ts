import type { SpillwayConfig } from '#contract/config.ts';
import { spilledPerMinute } from '#core/capacity/spill.ts';
import type { Usage } from '#core/chat/model-event.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import {
  neverFitsQuota,
  quotaTokensAtStart,
  quotaTokensUsed,
  tokensPerMinuteOf,
} from '#core/limits/quota-charge.ts';
import { burstOf } from '#core/limits/rate-bucket.ts';
import { shareOfLimit } from '#core/limits/share-of-limit.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import type { Target } from '#core/target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { Log } from '../ports/log.ts';
import type { RateLedger } from '../ports/rate-ledger.ts';
import type { BucketMeter } from './bucket-meter.ts';
import { type Reserved, TenantMeter } from './tenant-meter.ts';
import type { WriteBehind } from './write-behind.ts';

type PooledTarget = Pick<Target, 'modelId' | 'region' | 'quotaPool' | 'quotaTokensPerMinute'>;

/** A call as its quota sees it. */
export interface QuotaCall {
  readonly inputTokens: number;
  /** The bound that the call carries. */
  readonly maxTokens: number;
  /** @default - the account's own */
  readonly serviceTier?: string | undefined;
  /** It comes only because a better target is full or fails: of such calls the pool takes so many. @default false */
  readonly isSpill?: boolean | undefined;
  /** Nobody else may answer it. @default false */
  readonly lastResort?: boolean | undefined;
}

/** What a call took from its pool when it began. */
export interface QuotaReservation {
  /** Ends it; only the first call counts. Undefined: nobody told, and all of it counts as used. */
  settle(usage: Usage | undefined): void;
  /** Ends it: the target never took the call. */
  undo(): void;
}

export type QuotaDenial =
  /**
   * As many tokens are likely to be there at `retryAt`. `unheard`: the ledger does not answer, and only this process's safe
   * part is used up; AWS may well have more.
   */
  | {
      readonly granted: false;
      readonly reason: 'full';
      readonly retryAt: InstantMs;
      readonly unheard: boolean;
    }
  /** More than the whole pool brings in a minute. */
  | {
      readonly granted: false;
      readonly reason: 'never-fits';
      readonly neededTokens: number;
      readonly heldTokens: number;
    };

export type QuotaAnswer = { readonly granted: true; readonly reservation: QuotaReservation } | QuotaDenial;

/**
 * The token quotas of Bedrock as one process spends from them: of each pool this gateway region's share, in the region's
 * ledger. AWS tells of no pool how much is left, and throttles who takes more; where the limit is not known, nothing is
 * reserved, and a throttle is how it is learned.
 */
export interface QuotaPools {
  /** Takes the input and the longest answer, or nothing. Undefined where no limit is known: then there is nothing to do. */
  reserve(target: PooledTarget, call: QuotaCall): QuotaDenial | Promise<QuotaAnswer> | undefined;
  /** Why the call would get nothing, by what this process heard last; nobody is asked. Undefined where it may get it. */
  foresee(target: PooledTarget, call: QuotaCall): QuotaDenial | undefined;
}

export interface QuotaPoolsDependencies {
  readonly config: {
    readonly gateways: SpillwayConfig['gateways'];
    readonly capacity: { readonly spill: Pick<SpillwayConfig['capacity']['spill'], 'shareMax'> };
  };
  readonly policies: ReadonlyMap<string, ResidencyPolicy>;
  readonly facts: Pick<CompiledFacts, 'outputBurndownOf'>;
  /** The gateway's own region. */
  readonly region: string;
  readonly rates: RateLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<GatewayMetrics, 'count'>;
  readonly behind: WriteBehind;
}

/** AWS counts by the minute: a full pool is all that one brings. */
const FILL_MS = 60_000;

interface Pool {
  readonly perMinute: number;
  readonly meter: TenantMeter;
  /** What all calls take. */
  readonly own: readonly BucketMeter[];
  /** What those take that come from better targets: the same, and their part of it. */
  readonly spilled: readonly BucketMeter[];
  /** Tokens of a call that fits into the part of those; infinite where it is all. */
  readonly spilledMax: number;
}

interface AskedPool {
  readonly pool: Pool;
  readonly units: number;
  readonly meters: readonly BucketMeter[];
  readonly at: InstantMs;
}

export function createQuotaPools(dependencies: QuotaPoolsDependencies): QuotaPools {
  const { clock, facts } = dependencies;
  const pools = new Map<string, Pool>();
  const poolOf = (target: PooledTarget, serviceTier: string | undefined): Pool | undefined => {
    const limit = tokensPerMinuteOf(target, serviceTier);
    if (limit === undefined) return undefined;
    const known = pools.get(target.quotaPool);
    if (known?.perMinute === limit) return known;
    const opened = openPool(dependencies, target, limit);
    pools.set(target.quotaPool, opened);
    return opened;
  };
  const askedOf = (target: PooledTarget, call: QuotaCall): AskedPool | undefined => {
    const pool = poolOf(target, call.serviceTier);
    const units = quotaTokensAtStart(call);
    if (pool === undefined || units === 0) return undefined;
    return { pool, units, meters: metersOf(pool, call), at: clock.now() };
  };
  return {
    reserve: (target, call) => {
      const asked = askedOf(target, call);
      const denial = asked && denialUnasked(asked, call);
      if (asked === undefined || denial !== undefined) return denial;
      const { pool, units, meters } = asked;
      const burndown = facts.outputBurndownOf(target.modelId);
      return pool.meter
        .reserve(meters.map((meter) => ({ meter, units })))
        .then((reserved) => answerOf(pool, { reserved, meters, units, burndown, at: clock.now() }));
    },
    foresee: (target, call) => {
      const asked = askedOf(target, call);
      const denial = asked && denialUnasked(asked, call);
      if (asked === undefined || denial !== undefined) return denial;
      const waitMs = waitMsOf(asked);
      return waitMs === 0 ? undefined : fullUntil(asked.pool, asked.at + waitMs);
    },
  };
}

/**
 * Why the call gets nothing, whatever its buckets hold. A full bucket lets one call through that is larger than it: of a
 * spilled one the reserve of the target's own traffic would go, so that it is the last resort first.
 */
function denialUnasked(asked: AskedPool, call: QuotaCall): QuotaDenial | undefined {
  const { pool, units, at } = asked;
  if (neverFitsQuota(call, pool.perMinute)) return neverFits(pool, units);
  if (call.isSpill !== true || call.lastResort === true || units <= pool.spilledMax) return undefined;
  return fullUntil(pool, at + Math.max(1, waitMsOf(asked)));
}

const waitMsOf = ({ meters, units, at }: AskedPool): number =>
  Math.max(...meters.map((meter) => meter.waitMs(units, at) ?? 0));

const metersOf = ({ own, spilled }: Pool, { isSpill }: QuotaCall): readonly BucketMeter[] =>
  isSpill === true ? spilled : own;

const neverFits = ({ perMinute }: Pool, units: number): QuotaDenial => ({
  granted: false,
  reason: 'never-fits',
  neededTokens: units,
  heldTokens: perMinute,
});

const fullUntil = ({ meter }: Pool, retryAt: InstantMs): QuotaDenial => ({
  granted: false,
  reason: 'full',
  retryAt,
  unheard: meter.safeShare() !== undefined,
});

function openPool(
  { config, policies, region, rates, clock, log, metrics, behind }: QuotaPoolsDependencies,
  target: PooledTarget,
  perMinute: number,
): Pool {
  const gateways = config.gateways.filter((gateway) => mayShare(gateway, target.region, policies));
  const index = gateways.indexOf(region);
  // One that is not among them is sent nothing; were it, the smallest share would do.
  const place =
    index < 0 ? { count: gateways.length + 1, index: gateways.length } : { count: gateways.length, index };
  const share = Math.max(1, shareOfLimit(perMinute, place));
  const rate = { perMinute: share, fillMs: FILL_MS };
  const tenant = `quota#${target.quotaPool}`;
  const meter = new TenantMeter({ tenant, ledger: rates, clock, log, metrics, behind });
  const all = meter.meterOf({ bucket: 'tokens', unit: 'tokens', rate });
  const part = spilledPerMinute(share, config.capacity.spill.shareMax);
  const pool = { perMinute, meter, own: [all] };
  if (part === undefined) return { ...pool, spilled: [all], spilledMax: Number.POSITIVE_INFINITY };
  const spilledRate = { ...rate, perMinute: part };
  const spilled = meter.meterOf({ bucket: 'spilled', unit: 'tokens', rate: spilledRate });
  return { ...pool, spilled: [all, spilled], spilledMax: burstOf(spilledRate) };
}

/** Whether a residency allows both: then the gateway may call the target's region. More than that lowers shares only. */
function mayShare(gateway: string, region: string, policies: ReadonlyMap<string, ResidencyPolicy>): boolean {
  return [...policies.values()].some(
    (policy) => judgeGatewayRegion(policy, gateway).lawful && judgeGatewayRegion(policy, region).lawful,
  );
}

function answerOf(
  pool: Pool,
  taken: {
    readonly reserved: Reserved;
    readonly meters: readonly BucketMeter[];
    readonly units: number;
    readonly burndown: number;
    readonly at: InstantMs;
  },
): QuotaAnswer {
  const { reserved, meters, units, burndown, at } = taken;
  if (reserved.kind === 'refused') return fullUntil(pool, at + reserved.retryAfterMs);
  let open = true;
  const end = (used: number) => {
    const returns = meters.map((meter) => ({ meter, units: units - used }));
    if (open) pool.meter.settle(returns, reserved.safely);
    open = false;
  };
  return {
    granted: true,
    reservation: {
      settle: (usage) => end(usage === undefined ? units : quotaTokensUsed(usage, burndown)),
      undo: () => end(0),
    },
  };
}
