import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createQuotaPools, type QuotaReservation } from '#usecases/gateway/quota-pools.ts';
import { createWriteBehind } from '#usecases/gateway/write-behind.ts';

const MINUTE_MS = 60_000;
const LIMIT = 40_000;
const SHARE_MAX = 0.8;
const gateways = ['us-east-1', 'us-east-2', 'us-west-2'];
const target = {
  modelId: 'anthropic.claude-sonnet-4-6',
  region: 'us-west-2',
  quotaPool: '111111111111/us-west-2/anthropic.claude-sonnet-4-6/geo',
  quotaTokensPerMinute: LIMIT,
};
const share = LIMIT / gateways.length;

/** Two processes of each gateway region, which share a table as deployed ones do. */
function aFleet() {
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 8), { leap: false });
  const policies = new Map([['us', resolveResidency('us', { jurisdictions: ['US'] }, shippedFacts)]]);
  const processes = gateways.flatMap((region) => {
    const rates = createMemoryRateLedger();
    return [0, 1].map(() =>
      createQuotaPools({
        config: { gateways, capacity: { spill: { shareMax: SHARE_MAX } } },
        policies,
        facts: shippedFacts,
        region,
        rates,
        clock,
        behind: createWriteBehind(clock),
        log: { write: () => undefined },
        metrics: { count: () => undefined },
      }),
    );
  });
  return { clock, processes };
}

const step = fc.record({
  process: fc.nat(gateways.length * 2 - 1),
  isSpill: fc.boolean(),
  // Some are larger than all that spilled calls have, or than all that the gateway region has.
  tokens: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: Math.floor(share * SHARE_MAX) }) },
    fc.integer({ min: Math.floor(share * SHARE_MAX), max: LIMIT }),
  ),
  /** Of what was reserved; the call ends so many steps later. */
  usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  endsAfter: fc.nat(4),
  passedMs: fc.oneof(fc.constant(0), fc.nat(20_000)),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Change {
  readonly at: number;
  readonly tokens: number;
}

/** What spilled calls took, less what came back, in order; for every process, whatever the order of its calls. */
async function spilledChanges(steps: readonly Step[], fleet = aFleet()): Promise<readonly Change[]> {
  const { clock, processes } = fleet;
  const changes: Change[] = [];
  const open: { readonly ends: number; readonly step: Step; readonly reservation: QuotaReservation }[] = [];
  for (const [index, each] of steps.entries()) {
    clock.advance(each.passedMs);
    for (const ending of open.filter(({ ends }) => ends === index)) {
      const used = Math.floor(ending.step.tokens * ending.step.usedShare);
      ending.reservation.settle({ inputTokens: used, outputTokens: 0 });
      if (ending.step.isSpill) changes.push({ at: clock.now(), tokens: used - ending.step.tokens });
    }
    const call = { inputTokens: each.tokens, maxTokens: 0, isSpill: each.isSpill };
    const answer = await processes[each.process]?.reserve(target, call);
    if (answer?.granted === true) {
      if (each.isSpill) changes.push({ at: clock.now(), tokens: each.tokens });
      open.push({ ends: index + 1 + each.endsAfter, step: each, reservation: answer.reservation });
    }
    await new Promise(setImmediate);
  }
  return changes;
}

it('spilled calls of all gateway regions together never take more of a pool than their share, whatever the order', async () => {
  let grants = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const changes = await spilledChanges(steps);
      grants += changes.length;
      for (const [first, { at }] of changes.entries()) {
        let net = 0;
        for (const change of changes.slice(first)) {
          net += change.tokens;
          // What one minute holds, and what flows in meanwhile.
          const minutes = 1 + (change.at - at) / MINUTE_MS;
          expect(net).toBeLessThanOrEqual(LIMIT * SHARE_MAX * minutes + gateways.length);
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(grants).toBeGreaterThan(500);
});

it('a target’s own traffic finds its reserve in every gateway region, however many spilled calls came before', async () => {
  const spilled = step.map((each) => ({ ...each, isSpill: true }));
  const own = { inputTokens: Math.floor(share * (1 - SHARE_MAX)) - 1, maxTokens: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(spilled, { minLength: 20, maxLength: 60 }), async (steps) => {
      const fleet = aFleet();
      await spilledChanges(steps, fleet);
      for (const process of [0, 2, 4])
        expect((await fleet.processes[process]?.reserve(target, own))?.granted).toBe(true);
    }),
    { numRuns: 60 },
  );
});
