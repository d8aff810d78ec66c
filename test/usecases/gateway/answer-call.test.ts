import { describe, expect, it } from 'vitest';
import { aGateway, aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import type { ScriptedInvoker } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

async function untilCalled(invoker: ScriptedInvoker): Promise<void> {
  for (let turn = 0; turn < 100 && invoker.calls.length === 0; turn += 1) await new Promise(setImmediate);
}

describe('a caller that leaves', () => {
  it.each([false, true])('ends the call to the target at once (stream: %s)', async (stream) => {
    const { chat, invoker, records, clock } = await world([east, west], false);
    invoker.script(east.id, { hangs: 'before' });
    const caller = new AbortController();
    const startedMs = clock.monotonicMs();
    const answer = chat({ stream }, {}, caller.signal);
    await untilCalled(invoker);
    caller.abort();
    expect((await answer).status).toBe(499);
    expect([invoker.calls[0]?.aborted, clock.monotonicMs() - startedMs]).toEqual([true, 0]);
    expect(records[0]).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(invoker.calls).toHaveLength(1);
  });
});

describe('embeddings', () => {
  it('are made where nothing but what was compiled in is known', async () => {
    const { post, invoker, gateway } = aGateway();
    await gateway.start();
    gateway.stop();
    const response = await post('/v1/embeddings', { model: 'embed', input: ['a', 'b'] });
    expect([response.status, response.headers.get('x-spillway-tier')]).toEqual([200, 'baseline']);
    expect(invoker.calls.map(({ call }) => call.target.region)).toEqual(['us-east-1', 'us-east-1']);
  });

  it('are not made in a gateway that must not see the texts', async () => {
    const { post, invoker, gateway } = aGateway();
    await gateway.start();
    gateway.stop();
    const body = { model: 'embed', input: 'a' };
    const response = await post('/v1/embeddings', body, { 'x-spillway-residency': 'eu' });
    expect(response.status).toBe(421);
    expect(invoker.calls).toEqual([]);
  });

  it('end with their caller', async () => {
    const { post, invoker, gateway, records } = aGateway({ leap: false });
    await gateway.start();
    gateway.stop();
    invoker.script('111111111111/us-east-1/amazon.titan-embed-text-v2:0', { hangs: 'before' });
    const leaving = new AbortController();
    const answer = post('/v1/embeddings', { model: 'embed', input: ['a', 'b'] }, {}, leaving.signal);
    await untilCalled(invoker);
    leaving.abort();
    expect((await answer).status).toBe(499);
    expect(invoker.calls.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(records).toMatchObject([{ outcome: 'cancelled', work: 'embedding' }]);
  });
});
