/** Waiting before the next tier over real sockets: a gateway of each kind before one endpoint with 2 × 16 slots. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { configWithoutBaseline } from '#test/builders/a-gateway.ts';
import {
  mostUnderWay,
  openSlotsWorld,
  SLOTS,
  type SlotsGateway,
  type SlotsWorld,
} from '#test/builders/slots-world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let world: SlotsWorld;
/** Ends the streams that a test leaves open. */
let leave = new AbortController();

const slowly = (milliseconds: number) =>
  ['sagemaker-runtime', 'bedrock-runtime'].map((service) => ({ service, kind: 'latency', milliseconds }));
/** Answers of the endpoint begin, and then wait for their callers to leave. */
const held = { service: 'sagemaker-runtime', kind: 'stall-stream', afterChunks: 3 };

beforeAll(async () => {
  world = await openSlotsWorld();
});

afterEach(async () => {
  leave.abort();
  leave = new AbortController();
  await world.setFaults([]);
  await until(async () => (await world.slotsHeld()) === 0);
  await world.clearJournal();
});

afterAll(() => world.close());

/** So patient that a busy machine brings a slot in time. */
function configFor(dedicatedFirstContentMs: number): SpillwayConfig {
  const config = configWithoutBaseline();
  const models = Object.entries(config.models).map(
    ([name, model]) =>
      [name, { ...model, deadlines: { ...model.deadlines, dedicatedFirstContentMs } }] as const,
  );
  return { ...config, models: Object.fromEntries(models) };
}

/** One server, which counts its slots by itself; or one of several processes, which ask the table. */
function open(
  options: { readonly servesMany: boolean; readonly ledger?: 'memory' },
  firstContentMs: number,
): Promise<SlotsGateway> {
  return world.openGateway({ patience: 50, ...options, config: configFor(firstContentMs) });
}

const server = { servesMany: true, ledger: 'memory' } as const;

/** From one call to the next it knows how long calls take here. */
async function knowing(gateway: SlotsGateway): Promise<SlotsGateway> {
  await (await gateway.chat()).text();
  return gateway;
}

async function askAll(gateway: SlotsGateway, count: number, lane: string): Promise<readonly Response[]> {
  const { signal } = leave;
  return Promise.all(Array.from({ length: count }, () => gateway.chat({ lane, signal })));
}

const tierOf = ({ headers }: Response) => headers.get('x-spillway-tier');
const dedicatedOf = (responses: readonly Response[]) =>
  responses.filter((response) => tierOf(response) === 'dedicated').length;

describe('forty requests at once for thirty-two slots', () => {
  it('wait for the slots of calls that end soon, and no slot is used twice', async () => {
    const gateway = await knowing(await open(server, 300_000));
    await world.setFaults(slowly(300));
    const responses = await askAll(gateway, 40, 'interactive');
    for (const response of responses) expect(await response.text()).toContain('[DONE]');
    expect(dedicatedOf(responses)).toBe(40);
    expect(mostUnderWay(await world.journal())).toBeLessThanOrEqual(SLOTS);
  });

  it('go on at once where no call has ended yet, and nobody knows how long one takes', async () => {
    const gateway = await open(server, 300_000);
    await world.setFaults([held]);
    const responses = await askAll(gateway, 40, 'interactive');
    expect(dedicatedOf(responses)).toBeLessThanOrEqual(SLOTS);
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    leave.abort();
    await until(() => gateway.records.length === 40);
    // It could have been half a minute.
    for (const { slotWaitMs } of gateway.records) expect(slotWaitMs).toBeLessThan(10_000);
  });

  it('wait no longer than a tenth of the time to the first content where no call ends; those after them not at all', async () => {
    const gateway = await knowing(await open(server, 20_000));
    await world.setFaults([held]);
    const responses = await askAll(gateway, 40, 'interactive');
    const later = await askAll(gateway, 4, 'interactive');
    expect([dedicatedOf(responses), dedicatedOf(later)]).toEqual([SLOTS, 0]);
    await world.setFaults([]);
    const bulk = gateway.chat({ lane: 'bulk' });
    leave.abort();
    // Whoever can wait has one of the slots that come free then.
    expect(tierOf(await bulk)).toBe('dedicated');
    await (await bulk).text();
    await until(() => gateway.records.length === 46);
    const spilled = gateway.records.filter(({ tier }) => tier === 'serverless');
    expect(spilled.filter(({ slotWaitMs }) => slotWaitMs >= 1990).length).toBeGreaterThan(0);
    expect(spilled.filter(({ slotWaitMs }) => slotWaitMs < 1990).length).toBeGreaterThanOrEqual(4);
  });
});

it('a process that serves one request at a time asks again within a tenth, and has the slot', async () => {
  const filler = await open({ servesMany: true }, 5000);
  const alone = await knowing(await open({ servesMany: false }, 60_000));
  await world.setFaults([held]);
  const few = new AbortController();
  for (let call = 0; call < 2; call += 1) await filler.chat({ signal: few.signal });
  await askAll(filler, SLOTS, 'interactive');
  await world.setFaults([]);
  const asked = alone.chat();
  few.abort();
  expect(tierOf(await asked)).toBe('dedicated');
  await (await asked).text();
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 40_000; !(await isSo()); await systemClock.sleep(10))
    if (Date.now() > deadline) throw new Error('it did not come so far');
}
