/** Slots over real sockets: two gateways of one region before one endpoint with 2 × 16 of them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { admitTo, emptyPage, type LeasePage, releaseFrom, renewOn } from '#core/capacity/lease-page.ts';
import { FULL_BELIEVED_MS } from '#core/capacity/room.ts';
import {
  mostUnderWay,
  openSlotsWorld,
  SLOTS,
  type SlotsGateway,
  type SlotsWorld,
} from '#test/builders/slots-world.ts';
import { createPagedCapacityLedger } from '#usecases/capacity/paged-capacity-ledger.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';

let world: SlotsWorld;
let gateways: readonly SlotsGateway[];

/** Every target, so that none is found slow beside its peers. */
const slowly = (milliseconds: number) =>
  ['sagemaker-runtime', 'bedrock-runtime'].map((service) => ({ service, kind: 'latency', milliseconds }));
const pages = new Map<string, LeasePage>();
const store: LeasePageStore = {
  admit: async (key, admission) => {
    const page = pages.get(key) ?? emptyPage;
    const next = admitTo(page, admission);
    if (next !== undefined) pages.set(key, next);
    return next === undefined ? { applied: false, page } : { applied: true };
  },
  renew: async (key, leaseId, expiresAt) => {
    const next = renewOn(pages.get(key) ?? emptyPage, leaseId, expiresAt);
    if (next !== undefined) pages.set(key, next);
    return next !== undefined;
  },
  release: async (key, { leaseId }) => void pages.set(key, releaseFrom(pages.get(key) ?? emptyPage, leaseId)),
};
const ledger = () =>
  createPagedCapacityLedger({
    store,
    clock: systemClock,
    random: cryptoRandom,
    log: { write: () => undefined },
  });

beforeAll(async () => {
  world = await openSlotsWorld();
  gateways = [
    await world.openGateway({ capacity: ledger() }),
    await world.openGateway({ capacity: ledger(), servesMany: true }),
  ];
  // What a process does for the first time takes long enough to look like a wait.
  await askAll(4);
  await world.clearJournal();
});

afterEach(async () => {
  await world.setFaults([]);
  await Promise.all(gateways.map(({ gateway }) => gateway.settled()));
  await world.clearJournal();
});

afterAll(() => world.close());

/** One caller after the other, in turn at each gateway. */
const ask = (index: number, ...rest: Parameters<SlotsGateway['chat']>) =>
  (gateways[index % gateways.length] as SlotsGateway).chat(...rest);

async function askAll(count: number, lane = 'interactive'): Promise<readonly Response[]> {
  const responses = await Promise.all(Array.from({ length: count }, (_, index) => ask(index, { lane })));
  for (const response of responses) {
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('[DONE]');
  }
  return responses;
}

const pagesHold = () => [...pages.values()].reduce((sum, { leases }) => sum + leases.size, 0);

const wait = (milliseconds: number) => systemClock.sleep(milliseconds);

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5000; !(await isSo()); await wait(10))
    if (Date.now() > deadline) throw new Error('it did not come so far');
}

const tiersOf = (responses: readonly Response[]) =>
  Object.fromEntries(
    [...Map.groupBy(responses, ({ headers }) => headers.get('x-spillway-tier'))].map(([tier, those]) => [
      tier,
      those.length,
    ]),
  );

describe('two gateways of one region', () => {
  it('fill the endpoint with forty streams at once, and spill at once beyond it; none fails', async () => {
    await world.setFaults(slowly(1500));
    const responses = await askAll(40);
    expect(tiersOf(responses)).toEqual({ dedicated: SLOTS, serverless: 40 - SLOTS });
    expect(mostUnderWay(await world.journal())).toBe(SLOTS);
  });

  it('never send more than its slots hold, whoever comes and goes', async () => {
    await world.setFaults(slowly(50));
    const callers = Array.from({ length: 60 }, async (_, index) => {
      for (let turn = 0; turn < 4; turn += 1) {
        const response = await ask(index, { lane: ['interactive', 'standard', 'bulk'][index % 3] ?? 'bulk' });
        expect(response.status).toBe(200);
        await response.text();
      }
    });
    await Promise.all(callers);
    const calls = await world.journal();
    expect(mostUnderWay(calls)).toBeLessThanOrEqual(SLOTS);
    expect(calls.length).toBeGreaterThan(60);
  });

  it('have the slot of a caller that leaves back at once', async () => {
    await world.setFaults([{ service: 'sagemaker-runtime', kind: 'hang', count: SLOTS }]);
    const leave = new AbortController();
    const waiting = Array.from({ length: SLOTS }, (_, index) =>
      ask(index, { signal: leave.signal }).catch(() => undefined),
    );
    await until(async () => (await world.journal()).length === SLOTS);
    expect(tiersOf(await askAll(2))).toEqual({ serverless: 2 });
    leave.abort();
    await Promise.all(waiting);
    await until(async () => pagesHold() === 0);
    await world.setFaults(slowly(1500));
    await wait(FULL_BELIEVED_MS.max);
    expect(tiersOf(await askAll(SLOTS))).toEqual({ dedicated: SLOTS });
  });

  it('turn bulk away while there is still room for those above it', async () => {
    await world.setFaults(slowly(1500));
    const bulk = Array.from({ length: 40 }, (_, index) => ask(index, { lane: 'bulk' }));
    await until(
      async () => (await world.journal()).length + (await world.journal('bedrock-runtime')).length === 40,
    );
    const free = SLOTS - pagesHold();
    expect(free).toBeGreaterThan(0);
    expect(tiersOf(await askAll(free))).toEqual({ dedicated: free });
    await Promise.all((await Promise.all(bulk)).map((response) => response.text()));
    expect(mostUnderWay(await world.journal())).toBe(SLOTS);
  });
});
