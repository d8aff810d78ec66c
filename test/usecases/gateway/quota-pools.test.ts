import { describe, expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createQuotaPools, type QuotaCall, type QuotaReservation } from '#usecases/gateway/quota-pools.ts';
import { createWriteBehind } from '#usecases/gateway/write-behind.ts';
import type { RateLedger } from '#usecases/ports/rate-ledger.ts';

const start = Date.UTC(2026, 10, 21, 8);
const sonnet = 'anthropic.claude-sonnet-4-6';
const target = {
  modelId: sonnet,
  region: 'us-east-1',
  quotaPool: `111111111111/us-east-1/${sonnet}/on-demand`,
  quotaTokensPerMinute: 10_000,
};
const call: QuotaCall = { inputTokens: 2_000, maxTokens: 3_000 };
const usage = { inputTokens: 2_000, outputTokens: 100 };

function aRegion(changes: { region?: string; gateways?: string[]; ledger?: RateLedger } = {}) {
  const { region = 'us-east-1', gateways = ['us-east-1'], ledger = createMemoryRateLedger() } = changes;
  const clock = createVirtualClock(start, { leap: false });
  const specs = { us: { jurisdictions: ['US'] }, eu: { jurisdictions: ['EU'] } };
  const policies = new Map(
    Object.entries(specs).map(([name, spec]) => [name, resolveResidency(name, spec, shippedFacts)]),
  );
  const pools = createQuotaPools({
    config: { gateways, capacity: { spill: { shareMax: 0.8 } } },
    policies,
    facts: shippedFacts,
    region,
    rates: ledger,
    clock,
    behind: createWriteBehind(clock),
    log: { write: () => undefined },
    metrics: { count: () => undefined },
  });
  const reserve = async (changed: Partial<QuotaCall> = {}, of = target) => {
    const answer = await pools.reserve(of, { ...call, ...changed });
    if (answer === undefined) return 'unlimited';
    if (answer.granted) return answer.reservation;
    return answer.reason === 'full' ? answer.retryAt : answer.reason;
  };
  const granted = async (changed: Partial<QuotaCall> = {}) => {
    const answer = await reserve(changed);
    if (typeof answer !== 'object') throw new Error(`it is ${answer}`);
    return answer satisfies QuotaReservation;
  };
  return { pools, clock, reserve, granted };
}

describe('a quota pool', () => {
  it('grants what it holds, says until when to wait for more, and has it then', async () => {
    const { clock, reserve, granted } = aRegion();
    await granted();
    await granted();
    expect(await reserve()).toBe(start + 30_000);
    clock.advance(30_000);
    await granted();
  });

  it('has back at once what an answer did not use, its output counted as the model counts it', async () => {
    const { granted, reserve } = aRegion();
    const first = await granted();
    const second = await granted();
    first.settle(usage);
    first.settle({ inputTokens: 0, outputTokens: 0 });
    second.undo();
    // 10,000 are held: 2,000 of input and 5 x 100 of output are gone.
    await granted({ inputTokens: 7_500, maxTokens: 0 });
    expect(await reserve({ inputTokens: 1, maxTokens: 0 })).toBeGreaterThan(start);
  });

  it('owes what an answer used beyond its reservation', async () => {
    const { granted, reserve } = aRegion();
    const only = await granted({ inputTokens: 0, maxTokens: 1_000 });
    only.settle({ inputTokens: 0, outputTokens: 1_000 });
    await granted();
    expect(await reserve({ inputTokens: 1, maxTokens: 0 })).toBeGreaterThan(start);
  });

  it('keeps all of a call of which nobody told what it used', async () => {
    const { granted, reserve } = aRegion();
    const first = await granted();
    first.settle(undefined);
    await granted();
    expect(await reserve()).toBeGreaterThan(start);
  });

  it('reserves nothing where no limit is known, or where the tier has one of its own', async () => {
    const { pools, reserve, granted } = aRegion();
    const { quotaTokensPerMinute: _limit, ...unknown } = target;
    const huge = { inputTokens: 1e9, maxTokens: 1e9 };
    expect(pools.reserve(unknown, huge)).toBeUndefined();
    expect(await reserve({ ...huge, serviceTier: 'reserved' })).toBe('unlimited');
    await granted();
    await granted({ serviceTier: 'priority' });
    expect(await reserve({ serviceTier: 'flex' })).toBeGreaterThan(start);
  });

  it('is apart from those of other accounts, regions, models and scopes', async () => {
    const { granted, reserve } = aRegion();
    await granted();
    await granted();
    for (const other of ['222222222222/us-east-1/m/geo', '111111111111/us-east-1/m/global'])
      expect(await reserve({}, { ...target, quotaPool: other })).toBeTypeOf('object');
  });

  it('is shared among the gateways that may call its region, and never given out twice', async () => {
    const gateways = ['us-east-1', 'us-west-2', 'eu-central-1'];
    const ledgers = gateways.map(() => createMemoryRateLedger());
    const held = await Promise.all(
      gateways.map(async (region, index) => {
        const { pools } = aRegion({ region, gateways, ledger: ledgers[index] ?? createMemoryRateLedger() });
        let tokens = 0;
        while ((await pools.reserve(target, { inputTokens: 100, maxTokens: 0 }))?.granted) tokens += 100;
        return tokens;
      }),
    );
    // Frankfurt serves no residency that the target lies in.
    expect(held.slice(0, 2)).toEqual([5_000, 5_000]);
    expect(held[2]).toBeLessThanOrEqual(3_400);
  });

  it('gives out its safe share alone while the ledger is away', async () => {
    const take = async (): Promise<never> => {
      throw houseError('upstream_unavailable', { message: 'it is gone' });
    };
    const { pools } = aRegion({ ledger: { ...createMemoryRateLedger(), take } });
    let tokens = 0;
    while ((await pools.reserve(target, { inputTokens: 100, maxTokens: 0 }))?.granted) tokens += 100;
    // Of sixteen processes, as long as nobody knows how many there are.
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(10_000 / 16);
  });

  it('says without asking anybody that a call is more than the whole pool brings, and by how much', () => {
    const { pools } = aRegion({ gateways: ['us-east-1', 'us-west-2'] });
    const huge = { inputTokens: 1_000, maxTokens: 9_500 };
    const denial = { granted: false, reason: 'never-fits', neededTokens: 10_500, heldTokens: 10_000 };
    expect([pools.reserve(target, huge), pools.foresee(target, huge)]).toEqual([denial, denial]);
    // The input is estimated: what may well fit is AWS's to judge.
    expect(pools.reserve(target, { inputTokens: 1_000, maxTokens: 9_200 })).toBeInstanceOf(Promise);
  });

  it('foresees what it would answer, by what it heard last', async () => {
    const { pools, clock, granted } = aRegion();
    expect(pools.foresee(target, call)).toBeUndefined();
    await granted();
    await granted();
    expect(pools.foresee(target, call)).toEqual({
      granted: false,
      reason: 'full',
      retryAt: start + 30_000,
      unheard: false,
    });
    clock.advance(30_000);
    expect(pools.foresee(target, call)).toBeUndefined();
  });

  it('lets calls that come from better targets have their part only, and its own traffic the rest', async () => {
    const { granted, reserve } = aRegion();
    const guest = { inputTokens: 2_000, maxTokens: 0, isSpill: true };
    const guests = [await granted(guest), await granted(guest), await granted(guest), await granted(guest)];
    expect(await reserve(guest)).toBe(start + 15_000);
    await granted({ inputTokens: 2_000, maxTokens: 0 });
    expect(await reserve({ inputTokens: 2_000, maxTokens: 0 })).toBe(start + 12_000);
    guests[0]?.undo();
    await granted(guest);
  });

  it('lets a spilled call that is larger than their part take what own traffic has only as the last resort', async () => {
    const { pools, clock, granted, reserve } = aRegion();
    const own = { inputTokens: 400, maxTokens: 100 };
    const large = { inputTokens: 0, maxTokens: 8_001, isSpill: true };
    expect(pools.foresee(target, large)).toMatchObject({ reason: 'full', retryAt: start + 1 });
    expect(await reserve(large)).toBe(start + 1);
    await granted({ ...large, maxTokens: 8_000 });
    await granted(own);
    expect(await reserve(large)).toBe(start + 60_000);
    expect(pools.foresee(target, large)).toMatchObject({ retryAt: start + 60_000 });
    // One at a time, and only when all of their part is there.
    const last = { ...large, lastResort: true };
    expect(await reserve(last)).toBe(start + 60_000);
    clock.advance(60_000);
    expect(pools.foresee(target, last)).toBeUndefined();
    expect(await reserve(large)).toBeTypeOf('number');
    await granted(last);
    expect(await reserve(last)).toBeTypeOf('number');
  });

  it('takes another limit when the route has one', async () => {
    const { granted, reserve } = aRegion();
    await granted();
    await granted();
    // What was taken is time to refill, and sixty times as many tokens flow in.
    expect(await reserve({}, { ...target, quotaTokensPerMinute: 600_000 })).toBe(start + 500);
  });
});
