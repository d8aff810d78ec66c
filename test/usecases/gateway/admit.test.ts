import { describe, expect, it } from 'vitest';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import acme from '#examples/acme.config.ts';
import {
  aGateway,
  configWithoutBaseline,
  type GatewayOptions,
  type TestGateway,
} from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger, type LedgerScript } from '#test/builders/scripted-ledger.ts';
import { LEASE_RENEWED_MS } from '#usecases/ports/capacity-ledger.ts';

const shared = aDedicatedTarget({ share: { 'us-east-1': 2 } });
const east = aTarget();

async function world(options: GatewayOptions = {}, targets = [shared, east]) {
  const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets })], ...options });
  await made.gateway.start();
  made.gateway.stop();
  return made;
}

const slowly = { afterMs: 50, ...answering() };

/** A gateway whose slots are another's to grant. */
async function ledgerWorld(script: LedgerScript, options: GatewayOptions = {}, targets = [shared, east]) {
  const ledger = createScriptedLedger(script);
  const made = await world({ ...options, overrides: { capacity: ledger, ...options.overrides } }, targets);
  return { ...made, ledger };
}

function withCapacity(capacity: object): SpillwayConfig {
  const parsed = parseConfig({ ...acme, capacity });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
  return { ...parsed.config, models: configWithoutBaseline().models };
}

const tierOf = (response: Response) => response.headers.get('x-spillway-tier');

const codeOf = async (response: Response) =>
  ((await response.json()) as { readonly error: { readonly code: string } }).error.code;

describe('a limited target', () => {
  it('is kept to this gateway’s share; the rest goes to the next tier', async () => {
    const { chat, invoker } = await world();
    invoker.script(shared.id, slowly);
    const responses = await Promise.all(Array.from({ length: 5 }, () => chat()));
    expect(responses.map(tierOf).sort()).toEqual([
      'dedicated',
      'dedicated',
      'serverless',
      'serverless',
      'serverless',
    ]);
  });

  it('has its slot back however the answer ends: whole, streamed, failed, or left by its caller', async () => {
    const { chat, invoker, ledger } = await ledgerWorld({});
    await chat();
    await (await chat({ stream: true })).text();
    await (await chat({ stream: true })).body?.cancel();
    const reset = { service: 'sagemaker-runtime', kind: 'reset', phase: 'before', message: '' } as const;
    invoker.script(shared.id, { failsBefore: reset });
    expect(tierOf(await chat())).toBe('serverless');
    invoker.script(shared.id, { ...answering(), failsInside: reset });
    await (await chat({ stream: true })).text();
    const leave = new AbortController();
    invoker.script(shared.id, { hangs: 'before' });
    const left = chat({}, {}, leave.signal);
    setImmediate(() => leave.abort());
    await left;
    expect(ledger.demands).toHaveLength(6);
    expect(ledger.released).toEqual(ledger.demands.map(({ leaseId }) => leaseId));
    expect(new Set(ledger.released).size).toBe(6);
  });

  it('has the slots of both targets back when one goes on with what another broke off', async () => {
    const second = aDedicatedTarget({ endpoint: 'second', share: { 'us-east-1': 2 }, position: 1 });
    const { chat, invoker, ledger } = await ledgerWorld({}, {}, [shared, second]);
    const reset = { service: 'sagemaker-runtime', kind: 'reset', phase: 'in-stream', message: '' } as const;
    const [start, ...rest] = answering(['Hello', ' there']).events ?? [];
    invoker.script(shared.id, { events: start ? [start, ...rest.slice(0, 1)] : [], failsInside: reset });
    const response = await chat({ stream: true }, { 'x-spillway-resume': 'continue' });
    expect(await response.text()).toContain('spillway-resumed');
    expect(ledger.demands.map(({ limit }) => limit.target)).toEqual([shared.id, second.id]);
    expect(new Set(ledger.released)).toEqual(new Set(ledger.demands.map(({ leaseId }) => leaseId)));
    expect(ledger.held.size).toBe(0);
  });

  it('is asked for as much more room as the lane leaves to those above it', async () => {
    const wide = aDedicatedTarget({ share: { 'us-east-1': 64 } });
    const { chat, ledger } = await ledgerWorld({}, {}, [wide, east]);
    for (const lane of ['interactive', 'standard', 'bulk']) await chat({}, { 'x-spillway-lane': lane });
    const reserved = ledger.demands.map(({ slotsReserved }) => slotsReserved);
    expect(reserved[0]).toBe(0);
    expect(reserved).toEqual(reserved.toSorted((one, other) => one - other));
    expect(reserved[2]).toBeGreaterThan(0);
  });

  it('serves every lane while it is empty, however few slots it has', async () => {
    const narrow = aDedicatedTarget({ share: { 'us-east-1': 1 } });
    const { chat, ledger } = await ledgerWorld({}, {}, [narrow, east]);
    expect(tierOf(await chat({}, { 'x-spillway-lane': 'bulk' }))).toBe('dedicated');
    expect(ledger.demands[0]?.slotsReserved).toBe(0);
  });

  it('is not asked where its share of this gateway is nothing', async () => {
    const elsewhere = aDedicatedTarget({ share: { 'eu-west-1': 4 } });
    const { chat, ledger } = await ledgerWorld({}, {}, [elsewhere, east]);
    expect(tierOf(await chat())).toBe('serverless');
    expect(ledger.demands).toEqual([]);
  });
});

describe('a target that is full', () => {
  it('is gone past at once, and not asked again for a moment', async () => {
    const { chat, ledger, clock, records } = await ledgerWorld(
      { answer: () => 'full', isRemote: true },
      { leap: false },
    );
    expect(tierOf(await chat())).toBe('serverless');
    expect(tierOf(await chat())).toBe('serverless');
    expect(ledger.demands).toHaveLength(1);
    expect(
      records.map(({ leaseDenials, slotWaitMs, spilled }) => [leaseDenials, slotWaitMs, spilled]),
    ).toEqual([
      [1, 0, true],
      [0, 0, true],
    ]);
    clock.advance(100);
    await chat();
    expect(ledger.demands).toHaveLength(2);
  });

  it('is told by explain, with its reason', async () => {
    const { chat, post } = await ledgerWorld({ answer: () => 'full', isRemote: true }, { leap: false });
    await chat();
    const body = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };
    const explained = await (await post('/spillway/v1/explain', body)).json();
    expect(explained).toMatchObject({
      decision: 'routed',
      plan: [east.id],
      removed: [{ target: shared.id, by: 'capacity', code: 'no-capacity' }],
    });
  });

  it('is not counted as an attempt, nor held against its health', async () => {
    const { chat, records } = await ledgerWorld({ answer: () => 'full' });
    const response = await chat();
    expect(response.headers.get('x-spillway-attempts')).toBe('1');
    expect(records[0]?.attempts.map(({ target }) => target)).toEqual([east.id]);
  });

  it('is come back to only where some more than a slot is free', async () => {
    const wide = aDedicatedTarget({ share: { 'us-east-1': 32 } });
    let free = 0;
    const { chat, ledger } = await ledgerWorld(
      { answer: ({ slotsReserved }) => (free > slotsReserved ? 'granted' : 'full') },
      {},
      [wide, east],
    );
    const interactive = () => chat({}, { 'x-spillway-lane': 'interactive' }).then(tierOf);
    expect(await interactive()).toBe('serverless');
    free = 2;
    expect(await interactive()).toBe('serverless');
    free = 3;
    expect(await interactive()).toBe('dedicated');
    free = 1;
    expect(await interactive()).toBe('dedicated');
    expect(ledger.demands.map(({ slotsReserved }) => slotsReserved)).toEqual([0, 2, 2, 0]);
  });
});

describe('where nobody else may answer', () => {
  const alone = [aDedicatedTarget({ share: { 'us-east-1': 32 } })];

  it('the last free slot is taken, whatever was full before', async () => {
    let free = 0;
    const { chat, clock } = await ledgerWorld(
      { answer: ({ slotsReserved }) => (free > slotsReserved ? 'granted' : 'full'), isRemote: true },
      { leap: true },
      alone,
    );
    const interactive = () => chat({}, { 'x-spillway-lane': 'interactive' });
    expect((await interactive()).status).toBe(429);
    free = 1;
    const before = clock.now();
    expect(tierOf(await interactive())).toBe('dedicated');
    expect(clock.now()).toBe(before);
  });

  it('a slot is waited for up to a tenth of the time to the first content, and asked for twice more', async () => {
    let asked = 0;
    const { chat, records } = await ledgerWorld(
      { answer: () => (++asked < 3 ? 'full' : 'granted'), isRemote: true },
      {},
      alone,
    );
    expect(tierOf(await chat())).toBe('dedicated');
    expect(records[0]?.slotWaitMs).toBeGreaterThan(0);
    expect(records[0]?.slotWaitMs).toBeLessThanOrEqual(500);
  });

  it('rejects with 429 and when to come back, once it has waited', async () => {
    const { chat, ledger, records } = await ledgerWorld({ answer: () => 'full' }, {}, alone);
    const response = await chat();
    expect([response.status, await codeOf(response)]).toEqual([429, 'capacity_exhausted']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ledger.demands.length).toBeLessThanOrEqual(4);
    expect(records[0]?.slotWaitMs).toBeLessThanOrEqual(500);
    expect(ledger.held.size).toBe(0);
  });

  it('a caller that leaves while it waits is left alone', async () => {
    const { chat, ledger, records } = await ledgerWorld({ answer: () => 'full' }, { leap: false }, alone);
    const leave = new AbortController();
    const left = chat({}, {}, leave.signal);
    await new Promise(setImmediate);
    leave.abort();
    expect((await left).status).toBe(499);
    expect(records[0]?.outcome).toBe('cancelled');
    expect(ledger.held.size).toBe(0);
  });
});

describe('in a process that serves many requests', () => {
  const narrow = aDedicatedTarget({ share: { 'us-east-1': 1 } });
  const many = { overrides: { servesMany: true } };

  it('those whom nobody else may answer wait in a line, higher lanes first, until their deadline', async () => {
    const { chat, invoker, records } = await world(many, [narrow]);
    invoker.script(narrow.id, { afterMs: 100, ...answering() });
    const ask = (lane: string) => chat({}, { 'x-spillway-lane': lane });
    const responses = await Promise.all(['interactive', 'bulk', 'bulk', 'interactive'].map(ask));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(records.map(({ lane, slotWaitMs }) => [lane, slotWaitMs])).toEqual([
      ['interactive', 0],
      ['interactive', 100],
      ['bulk', 200],
      ['bulk', 300],
    ]);
  });

  it('those who have elsewhere to go do so at once', async () => {
    const { chat, invoker, records } = await world(many, [narrow, east]);
    invoker.script(narrow.id, slowly);
    const responses = await Promise.all([chat(), chat()]);
    expect(responses.map(tierOf).sort()).toEqual(['dedicated', 'serverless']);
    expect(records.map(({ slotWaitMs }) => slotWaitMs)).toEqual([0, 0]);
  });

  it('a line is no longer than what can be served in time', async () => {
    const { chat, invoker } = await world(many, [narrow]);
    invoker.script(narrow.id, { ...answering(['a', 'b']), delaysMs: [0, 0, 9000] });
    const responses = await Promise.all([chat(), chat()]);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 429]);
  });

  it('a caller that leaves the line is forgotten, and its slot is another’s', async () => {
    const { chat, invoker, records } = await world({ ...many, leap: false }, [narrow]);
    invoker.script(narrow.id, { hangs: 'before' }, answering());
    const [holds, waits] = [new AbortController(), new AbortController()];
    const first = chat({}, {}, holds.signal);
    await new Promise(setImmediate);
    const second = chat({}, {}, waits.signal);
    await new Promise(setImmediate);
    const third = chat();
    await new Promise(setImmediate);
    waits.abort();
    expect((await second).status).toBe(499);
    holds.abort();
    expect([(await first).status, (await third).status]).toEqual([499, 200]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled', 'answered']);
  });
});

describe('a request that never fits', () => {
  it('rejects with 413', async () => {
    const { chat, ledger } = await ledgerWorld({ answer: () => 'never-fits' }, {}, [shared]);
    const response = await chat();
    expect([response.status, await codeOf(response)]).toEqual([413, 'request_too_large']);
    expect(ledger.demands).toHaveLength(1);
  });

  it('goes where it does', async () => {
    const { chat } = await ledgerWorld({ answer: () => 'never-fits' });
    expect(tierOf(await chat())).toBe('serverless');
  });
});

describe('a ledger that does not decide', () => {
  it('sends requests elsewhere, and is counted', async () => {
    const { chat, events } = await ledgerWorld({ answer: () => 'unknown', isRemote: true });
    expect(tierOf(await chat())).toBe('serverless');
    expect(events).toContain('capacity-unknown');
  });
});

describe('a serverless target with slots', () => {
  const config = withCapacity({ serverlessSlots: 10, spill: { shareMax: 0.8 } });
  const west = aTarget({ region: 'us-west-2' });

  it('keeps a reserve from those who come because a better one is full', async () => {
    const { chat, ledger } = await ledgerWorld(
      { answer: ({ limit }) => (limit.target === shared.id ? 'full' : 'granted') },
      { config },
    );
    await chat({}, { 'x-spillway-lane': 'interactive' });
    expect(ledger.demands.map(({ limit, slotsReserved }) => [limit.slots, slotsReserved])).toEqual([
      [2, 0],
      [10, 2],
    ]);
  });

  it('that refused such a request is not asked for the next ones at once, but for its own traffic', async () => {
    const far = aTarget({ region: 'us-east-2' });
    const crowded: ReadonlySet<string> = new Set([shared.id, east.id]);
    const { chat, ledger, clock, records } = await ledgerWorld(
      {
        answer: ({ limit, slotsReserved }) =>
          crowded.has(limit.target) && (limit.target === shared.id || slotsReserved > 0) ? 'full' : 'granted',
        isRemote: true,
      },
      { config, leap: false },
      [shared, east, far],
    );
    const askedFor = async () => {
      const before = ledger.demands.length;
      await chat({}, { 'x-spillway-lane': 'interactive' });
      return ledger.demands.slice(before).map(({ limit }) => limit.target);
    };
    expect(await askedFor()).toEqual([shared.id, east.id, far.id]);
    expect(await askedFor()).toEqual([far.id]);
    clock.advance(100);
    expect(await askedFor()).toEqual([shared.id, east.id, far.id]);
    expect(records.map(({ leaseDenials }) => leaseDenials)).toEqual([2, 0, 2]);
  });

  it('that refused such a request is asked all the same where nobody else may answer', async () => {
    const { chat, ledger } = await ledgerWorld({ answer: () => 'full', isRemote: true }, { config });
    await chat({}, { 'x-spillway-lane': 'interactive' });
    const before = ledger.demands.length;
    await chat({}, { 'x-spillway-lane': 'interactive' });
    const asked = new Set(ledger.demands.slice(before).map(({ limit }) => limit.target));
    expect(asked).toEqual(new Set([shared.id, east.id]));
  });

  it('has all of them for its own traffic', async () => {
    const { chat, ledger } = await ledgerWorld({}, { config }, [east, west]);
    await chat({}, { 'x-spillway-lane': 'interactive' });
    expect(ledger.demands.map(({ limit, slotsReserved }) => [limit.target, slotsReserved])).toEqual([
      [east.id, 0],
    ]);
  });

  it('takes no more than its part: the next lawful one does, and then none', async () => {
    const { chat, invoker } = await world(
      { config: withCapacity({ serverlessSlots: 2, spill: { shareMax: 0.5 } }) },
      [aDedicatedTarget({ share: { 'us-east-1': 1 } }), east, west],
    );
    for (const { id } of [shared, east, west]) invoker.script(id, { ...slowly, afterMs: 4000 });
    const interactive = () => chat({}, { 'x-spillway-lane': 'interactive' });
    const responses = await Promise.all(Array.from({ length: 5 }, interactive));
    const served = responses.filter(({ status }) => status === 200);
    const targets = served.map((response) => response.headers.get('x-spillway-target'));
    expect(targets.sort()).toEqual([shared.id, east.id, west.id].sort());
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(2);
  });
});

describe('leases', () => {
  const stream = async ({ chat }: Pick<TestGateway, 'chat'>) => (await chat({ stream: true })).text();

  it('are renewed again and again, as long as the answer goes on', async () => {
    const made = await ledgerWorld({});
    made.invoker.script(shared.id, {
      ...answering(['a', 'b', 'c', 'd', 'e']),
      delaysMs: [0, 0, 9000, 9000, 9000, 9000],
    });
    await stream(made);
    const [lease] = made.ledger.demands;
    // Of an answer of 36 s.
    expect(made.ledger.renewed).toHaveLength(Math.floor(36_000 / LEASE_RENEWED_MS));
    expect(new Set(made.ledger.renewed)).toEqual(new Set([lease?.leaseId]));
    expect(made.ledger.released).toEqual([lease?.leaseId]);
  });

  it('are not renewed for answers that are shorter', async () => {
    const made = await ledgerWorld({});
    await stream(made);
    made.clock.advance(60_000);
    expect(made.ledger.renewed).toEqual([]);
  });

  it('that are lost are counted once; the answer goes on', async () => {
    const made = await ledgerWorld({ stands: () => false, isRemote: true });
    made.invoker.script(shared.id, {
      ...answering(['a', 'b', 'c', 'd', 'e']),
      delaysMs: [0, 0, 9000, 9000, 9000, 9000],
    });
    expect(await stream(made)).toContain('[DONE]');
    expect(made.events.filter((event) => event === 'lease-lost')).toHaveLength(1);
    expect(made.ledger.renewed).toHaveLength(1);
  });

  it('are given back behind the answer, and settled says when', async () => {
    const releasing = Promise.withResolvers<void>();
    const { chat, gateway } = await ledgerWorld({ releasing: releasing.promise }, { leap: false });
    expect(gateway.settled()).toBeUndefined();
    await (await chat()).text();
    const settled = gateway.settled();
    let isSettled = false;
    void settled?.then(() => {
      isSettled = true;
    });
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    releasing.resolve();
    await settled;
    expect(gateway.settled()).toBeUndefined();
  });

  it('whose return hangs are waited for no longer than a second', async () => {
    const { chat, gateway, clock } = await ledgerWorld({ releasing: new Promise(() => undefined) });
    await (await chat()).text();
    const before = clock.now();
    await gateway.settled();
    expect(clock.now() - before).toBe(1000);
  });
});
