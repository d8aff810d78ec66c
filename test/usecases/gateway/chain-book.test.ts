import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { createChainBook } from '#usecases/gateway/chain-book.ts';

const traceOf = (number: number): string => `00-${String(number).padStart(32, '0')}-00000000000000ab-01`;
const trace = { traceparent: traceOf(1) };

async function world() {
  let who = 'demo';
  const tenants = {
    identify: async () => ({ name: who, residencies: ['us'], defaultResidency: 'us', models: ['*'] }),
  };
  const made = await aStartedGateway([aTarget()], { overrides: { tenants } });
  return {
    ...made,
    as: (tenant: string) => {
      who = tenant;
    },
  };
}

describe('a call that names its trace', () => {
  it('has the lane of the first call, unless it names one', async () => {
    const { chat, records } = await world();
    await chat({}, { ...trace, 'x-spillway-lane': 'bulk' });
    await chat({}, trace);
    await chat({}, { ...trace, 'x-spillway-lane': 'standard' });
    await chat({}, trace);
    await chat();
    expect(records.map(({ lane }) => lane)).toEqual(['bulk', 'bulk', 'standard', 'bulk', 'interactive']);
  });

  it('has what is left of the first call’s deadline, unless it names one', async () => {
    const { chat, clock } = await world();
    await chat({}, { ...trace, 'x-spillway-deadline-ms': '5000' });
    clock.advance(4_999);
    expect((await chat({}, trace)).status).toBe(200);
    clock.advance(1);
    const late = await chat({}, trace);
    expect(late.status).toBe(504);
    expect(late.headers.get('x-spillway-attempts')).toBe('0');
    expect(await late.json()).toMatchObject({
      error: {
        code: 'deadline_exceeded',
        message: expect.stringMatching(
          /^The deadline passed before any target was asked\. The first call of its trace set the deadline; a call that names x-spillway-deadline-ms has its own\./,
        ),
      },
    });
    expect((await chat({}, { ...trace, 'x-spillway-deadline-ms': '1000' })).status).toBe(200);
    expect((await chat()).status).toBe(200);
  });

  it('has none of another tenant’s chain of the same trace', async () => {
    const { chat, records, as, clock } = await world();
    await chat({}, { ...trace, 'x-spillway-lane': 'bulk', 'x-spillway-deadline-ms': '1000' });
    clock.advance(2_000);
    as('other');
    expect((await chat({}, trace)).status).toBe(200);
    expect(records.map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([
      ['bulk', true],
      ['interactive', true],
    ]);
  });

  it('begins a chain where it comes five minutes after the last one', async () => {
    const { chat, records, clock } = await world();
    await chat({}, { ...trace, 'x-spillway-lane': 'bulk' });
    clock.advance(300_000);
    await chat({}, trace);
    clock.advance(300_001);
    await chat({}, trace);
    expect(records.map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([
      ['bulk', true],
      ['bulk', false],
      ['interactive', true],
    ]);
  });

  it('is told what the next call may bring back, to whatever process that comes', async () => {
    const one = await world();
    const first = await one.chat(
      {},
      { ...trace, 'x-spillway-lane': 'bulk', 'x-spillway-deadline-ms': '5000' },
    );
    const tracestate = first.headers.get('tracestate') ?? '';
    expect(tracestate).toMatch(/^spillway=1;bulk;[0-9a-z]+;chat-small;\/v1\/chat\/completions$/);
    const other = await world();
    other.clock.advance(4_000);
    const second = await other.chat({}, { ...trace, tracestate: `vendor=1,${tracestate}` });
    expect([second.status, second.headers.get('tracestate')]).toEqual([200, tracestate]);
    other.clock.advance(1_000);
    expect((await other.chat({}, trace)).status).toBe(504);
    const third = await world();
    third.clock.advance(5_000);
    expect((await third.chat({}, { ...trace, tracestate })).status).toBe(504);
    expect([...other.records, ...third.records].map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([
      ['bulk', false],
      ['bulk', false],
      ['bulk', false],
    ]);
    expect((await one.chat()).headers.has('tracestate')).toBe(false);
  });

  it('may bring terms for the whole chain with its first call, and its own words still win', async () => {
    const { chat, records } = await world();
    const tracestate = 'spillway=1;standard;-';
    await chat({}, { ...trace, tracestate });
    await chat({}, { ...trace, tracestate, 'x-spillway-lane': 'bulk' });
    await chat({}, { traceparent: traceOf(2), tracestate, 'x-spillway-lane': 'bulk' });
    await chat({}, { traceparent: traceOf(2) });
    expect(records.map(({ lane, chain }) => [lane, chain?.isFirst])).toEqual([
      ['standard', true],
      ['bulk', false],
      ['bulk', true],
      ['standard', false],
    ]);
  });

  it('brings back no longer a deadline than a header may ask for, and no model that there is not', async () => {
    const { chat, clock, records } = await world();
    const until = (clock.now() + 1e9).toString(36);
    const made = await chat({}, { ...trace, tracestate: `spillway=1;bulk;${until};forged;/v1` });
    const end = made.headers.get('tracestate')?.split(';')[2] ?? '';
    expect(Number.parseInt(end, 36) - clock.now()).toBe(900_000);
    expect(records.map(({ chain }) => [chain?.firstModel, chain?.isFirst])).toEqual([['chat-small', true]]);
  });

  it('is explained under the terms that it brings', async () => {
    const { post } = await world();
    const body = { model: 'chat-small', messages: [{ role: 'user', content: 'Say hello.' }] };
    const explain = (headers: Record<string, string>) => post('/spillway/v1/explain', body, headers);
    const over = { ...trace, tracestate: 'spillway=1;bulk;0' };
    expect(await (await explain(over)).json()).not.toEqual(await (await explain(trace)).json());
  });

  it('is explained as it would be made, and begins nothing by that', async () => {
    const { chat, post, records } = await world();
    const body = { model: 'chat-small', messages: [{ role: 'user', content: 'Say hello.' }] };
    await post('/spillway/v1/explain', body, trace);
    await chat({}, trace);
    expect(records.map(({ chain }) => chain?.isFirst)).toEqual([true]);
  });

  it('is for itself as a line of a batch', async () => {
    const { gateway, records } = await world();
    const tenant = { name: 'demo', residencies: ['us'], defaultResidency: 'us', models: ['*'] };
    const body = JSON.stringify({ model: 'chat-small', messages: [{ role: 'user', content: 'Say hello.' }] });
    await gateway.answer({
      method: 'POST',
      url: 'http://batch.invalid/v1/chat/completions',
      headers: new Headers({ 'content-type': 'application/json', ...trace }),
      signal: new AbortController().signal,
      body: (async function* () {
        yield new TextEncoder().encode(body);
      })(),
      tenant,
    });
    expect(records.map(({ outcome, chain }) => [outcome, chain])).toEqual([['answered', undefined]]);
  });
});

describe('the book of chains', () => {
  type Asked = Parameters<ReturnType<typeof createChainBook>['join']>;
  const asked = (number: number, startedMs = 0): readonly [Asked[1], Asked[2]] => [
    {
      work: { kind: 'chat', request: { model: 'chat-small' } },
      options: { lane: 'bulk', laneNamed: true, resume: false, traceparent: traceOf(number) },
    } as unknown as Asked[1],
    {
      request: {},
      url: new URL('http://gateway.test/v1/chat/completions'),
      startedMs,
    } as unknown as Asked[2],
  ];
  const settings = { learned: { foretold: () => [] }, hasModel: () => true };

  it('keeps a tenant’s last two thousand, whatever another one begins', () => {
    const book = createChainBook(settings);
    const isFirst = (tenant: string, number: number) => book.join(tenant, ...asked(number))?.isFirst;
    isFirst('small', 1);
    for (let number = 1; number <= 2_001; number += 1) isFirst('large', number);
    expect(isFirst('large', 2)).toBe(false);
    expect(isFirst('large', 1)).toBe(true);
    expect(isFirst('small', 1)).toBe(false);
  });

  it('keeps twenty thousand in all, at the cost of who has most', () => {
    const book = createChainBook(settings);
    const isFirst = (tenant: string, number: number) => book.join(tenant, ...asked(number))?.isFirst;
    isFirst('small', 1);
    for (let tenant = 0; tenant < 11; tenant += 1)
      for (let number = 1; number <= 2_000; number += 1) isFirst(`large-${tenant}`, number);
    expect(isFirst('small', 1)).toBe(false);
    expect(isFirst('large-10', 2_000)).toBe(false);
    expect(isFirst('large-0', 1)).toBe(true);
  });
});
