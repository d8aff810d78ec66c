/** Slots over real sockets: two gateways of one region before one endpoint with 2 × 16 of them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';
import {
  mostUnderWay,
  openSlotsWorld,
  SLOTS,
  type SlotsGateway,
  type SlotsWorld,
} from '#test/builders/slots-world.ts';

let world: SlotsWorld;
let gateways: readonly SlotsGateway[];
/** Ends the streams that a test leaves open. */
let leave: AbortController;

/** Answers of the endpoint begin, and then wait for their callers to leave. */
const held = { service: 'sagemaker-runtime', kind: 'stall-stream', afterChunks: 3 };
/** Every target, so that none is found slow beside its peers. */
const slowly = (milliseconds: number) =>
  ['sagemaker-runtime', 'bedrock-runtime'].map((service) => ({ service, kind: 'latency', milliseconds }));

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

beforeAll(async () => {
  world = await openSlotsWorld();
});

afterEach(async () => {
  leave.abort();
  await world.setFaults([]);
  await untilAllAreBack();
  await world.clearJournal();
});

afterAll(() => world.close());

/** Two processes that know nothing of the tests before, and have done everything once. */
async function openGateways(patience: number): Promise<void> {
  leave = new AbortController();
  gateways = [await world.openGateway({ patience }), await world.openGateway({ patience, servesMany: true })];
  await askAll(2);
  await untilAllAreBack();
  await world.clearJournal();
}

/** Whoever asks next tells the table what it could not be told: on a busy machine that can be the end of any call. */
function untilAllAreBack(): Promise<void> {
  return until(async () => {
    if ((await world.slotsHeld()) === 0) return true;
    await askAll(2);
    return false;
  });
}

/** One caller after the other, in turn at each gateway. */
const ask = (index: number, ...rest: Parameters<SlotsGateway['chat']>) =>
  (gateways[index % gateways.length] as SlotsGateway).chat(...rest);

async function askAll(
  count: number,
  lane = 'interactive',
  signal?: AbortSignal,
): Promise<readonly Response[]> {
  const options = { lane, ...(signal === undefined ? {} : { signal }) };
  const responses = await Promise.all(Array.from({ length: count }, (_, index) => ask(index, options)));
  for (const response of responses) {
    expect(response.status).toBe(200);
    if (signal === undefined) expect(await response.text()).toContain('[DONE]');
  }
  return responses;
}

function countOf(responses: readonly Response[], tier: 'dedicated' | 'serverless'): number {
  return responses.filter(({ headers }) => headers.get('x-spillway-tier') === tier).length;
}

/** On a machine that is too busy to be heard in time, a slot or two are gone past. */
function expectFull(slots: number): void {
  expect(slots).toBeLessThanOrEqual(SLOTS);
  expect(slots).toBeGreaterThan(SLOTS - 4);
}

describe('two gateways of one region', () => {
  beforeEach(() => openGateways(50));

  it('fill the endpoint with forty streams at once, and spill at once beyond it; none fails', async () => {
    await world.setFaults([held]);
    const responses = await askAll(40, 'interactive', leave.signal);
    const dedicated = countOf(responses, 'dedicated');
    expect(dedicated).toBe(await world.slotsHeld());
    expectFull(dedicated);
    expect(countOf(responses, 'serverless')).toBe(40 - dedicated);
    expect(mostUnderWay(await world.journal())).toBe(dedicated);
  });

  it('never send more than its slots hold, whoever comes and goes', async () => {
    await world.setFaults(slowly(50));
    const callers = Array.from({ length: 40 }, async (_, index) => {
      for (let turn = 0; turn < 2; turn += 1) {
        const response = await ask(index, { lane: ['interactive', 'standard', 'bulk'][index % 3] ?? 'bulk' });
        expect(response.status).toBe(200);
        await response.text();
      }
    });
    await Promise.all(callers);
    const calls = await world.journal();
    expect(mostUnderWay(calls)).toBeLessThanOrEqual(SLOTS);
    expect(calls.length).toBeGreaterThan(SLOTS);
  });

  it('have the slots of callers that leave back at once', async () => {
    await world.setFaults([held]);
    await askAll(40, 'interactive', leave.signal);
    expectFull(await world.slotsHeld());
    leave.abort();
    await until(async () => (await world.slotsHeld()) === 0);
    expect((await world.journal()).every(({ aborted }) => aborted)).toBe(true);
  });

  it('turn bulk away while there is still room for those above it', async () => {
    await world.setFaults([held]);
    const bulk = countOf(await askAll(40, 'bulk', leave.signal), 'dedicated');
    expect(bulk).toBeLessThan(SLOTS - 2);
    const interactive = countOf(await askAll(8, 'interactive', leave.signal), 'dedicated');
    expect(interactive).toBeGreaterThan(0);
    expectFull(bulk + interactive);
  });
});

it('two servers that take blocks of slots never send more than there are', async () => {
  const options = { patience: 50, servesMany: true, ledger: 'blocks' } as const;
  gateways = [await world.openGateway(options), await world.openGateway(options)];
  leave = new AbortController();
  await askAll(2);
  await world.setFaults([held]);
  const responses = await askAll(40, 'interactive', leave.signal);
  const dedicated = countOf(responses, 'dedicated');
  expect(dedicated).toBeGreaterThan(0);
  expect(mostUnderWay(await world.journal())).toBeLessThanOrEqual(SLOTS);
});

describe('where the table of slots is out of reach', () => {
  it.each([
    ['throttles', { kind: 'throttle' }],
    ['hangs', { kind: 'hang' }],
    ['refuses', { kind: 'refuse' }],
    ['answers every other call', { kind: 'refuse', probability: 0.5 }],
  ])('no request fails and no slot is used twice while it %s', async (_, fault) => {
    await openGateways(1);
    await askAll(16);
    await world.setFaults([{ service: 'dynamodb', ...fault }, ...slowly(100)]);
    await askAll(40);
    expect(mostUnderWay(await world.journal())).toBeLessThanOrEqual(SLOTS);
    await world.setFaults([]);
    // Calls that wait for a connection behind those that hang are carried out up to a second late.
    const isOver = Date.now() + 1_500;
    await until(async () => {
      await askAll(2);
      return Date.now() > isOver;
    });
    await untilAllAreBack();
  });
});

/** Longer than a lease lasts that nobody gives back. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 40_000; !(await isSo()); await systemClock.sleep(10))
    if (Date.now() > deadline) throw new Error('it did not come so far');
}
