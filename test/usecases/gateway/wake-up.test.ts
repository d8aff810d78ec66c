import { describe, expect, it } from 'vitest';
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });

/** What SageMaker says of an endpoint without a copy. */
const asleep = {
  service: 'sagemaker-runtime',
  kind: 'answer',
  phase: 'before',
  errorName: 'ValidationError',
  httpStatus: 400,
  message: 'Inference Component has no capacity to process this request.',
} as const;

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });

describe('a scaled-to-zero target', () => {
  it('is woken by one spilled request a minute, with one token, beside the answer', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const { chat, invoker, clock, records } = await world([cold, east]);
    invoker.script(cold.id, { failsBefore: asleep });
    expect((await chat()).headers.get('x-spillway-attempts')).toBe('1');
    await chat();
    const waking = () => invoker.calls.filter(({ target }) => target === cold.id);
    expect(waking().map(({ maxTokens }) => maxTokens)).toEqual([1]);
    expect(records.map(({ wakeUps, spilled }) => [wakeUps, spilled])).toEqual([
      [1, true],
      [0, true],
    ]);
    clock.advance(60_000);
    await chat();
    expect(waking()).toHaveLength(2);
  });

  it('is woken by one process of the gateway region at a time, until its lease has lapsed', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const capacity = createMemoryCapacityLedger();
    const one = await aStartedGateway([cold, east], { leap: true, overrides: { capacity } });
    const other = await aStartedGateway([cold, east], {
      leap: true,
      overrides: { capacity, clock: one.clock, ids: { next: () => `other-${++others}` } },
    });
    let others = 0;
    for (const { invoker } of [one, other]) invoker.script(cold.id, { failsBefore: asleep });
    const woken = () =>
      [one, other].map(({ invoker }) => invoker.calls.filter(({ target }) => target === cold.id).length);
    await one.chat();
    await other.chat();
    expect(woken()).toEqual([1, 0]);
    // Half a minute later there is room for the next, but both have asked in this minute.
    one.clock.advance(32_000);
    await one.chat();
    await other.chat();
    expect(woken()).toEqual([1, 0]);
    one.clock.advance(28_000);
    await other.chat();
    await one.chat();
    expect(woken()).toEqual([1, 1]);
    expect([one, other].map(({ records }) => records.map(({ wakeUps }) => wakeUps))).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('is woken by each process for itself where nobody knows who was first', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const memory = createMemoryCapacityLedger();
    const capacity: CapacityLedger = {
      ...memory,
      acquire: async () => ({ granted: false, reason: 'unknown' }),
    };
    const { chat, invoker, records, gateway } = await aStartedGateway([cold, east], {
      leap: true,
      overrides: { capacity },
    });
    invoker.script(cold.id, { failsBefore: asleep });
    await chat();
    await gateway.settled();
    await chat();
    await gateway.settled();
    expect(invoker.calls.filter(({ target }) => target === cold.id)).toHaveLength(1);
    expect(records.map(({ wakeUps }) => wakeUps)).toEqual([1, 0]);
  });

  it('is called as soon as it has answered, whatever discovery says, until it has no copy again', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const { chat, invoker, clock } = await world([cold, east], false);
    const tier = async () => (await chat()).headers.get('x-spillway-tier');
    expect(await tier()).toBe('serverless');
    await new Promise(setImmediate);
    expect(await tier()).toBe('dedicated');
    clock.advance(120_000);
    invoker.script(cold.id, { failsBefore: asleep });
    expect(await tier()).toBe('serverless');
  });

  it('that answered and sleeps again is left alone at once', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const { chat, invoker, clock } = await world([cold, east], false);
    await chat();
    await new Promise(setImmediate);
    invoker.script(cold.id, { failsBefore: asleep });
    expect((await chat()).headers.get('x-spillway-attempts')).toBe('2');
    clock.advance(11_000);
    expect((await chat()).headers.get('x-spillway-attempts')).toBe('1');
  });

  it('is woken by a request that nobody else may answer, and answers the next one', async () => {
    const cold = aDedicatedTarget({ state: 'cold' });
    const { chat, invoker, records } = await world([cold], false);
    const refused = await chat();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await refused.json()).toMatchObject({
      error: { code: 'not_ready', message: expect.stringContaining('A call wakes it') },
    });
    await new Promise(setImmediate);
    expect(invoker.calls.map(({ target, maxTokens }) => [target, maxTokens])).toEqual([[cold.id, 1]]);
    expect(records.map(({ wakeUps }) => wakeUps)).toEqual([1]);
    expect((await chat()).status).toBe(200);
  });

  it('is never woken outside the residency', async () => {
    const cold = aDedicatedTarget({ state: 'cold', region: 'eu-central-1' });
    const { chat, invoker } = await world([cold, east]);
    await chat();
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id]);
  });
});

describe('a scaled-to-zero endpoint that makes vectors', () => {
  it('is woken with the first text alone', async () => {
    const cold = aDedicatedTarget({ state: 'cold', endpoint: 'embed', modelId: 'embed', capabilities: {} });
    const titan = aTarget({
      modelId: 'amazon.titan-embed-text-v2:0',
      capabilities: { output: ['EMBEDDING'] },
    });
    const routes = [{ ...aRoute({ targets: [cold, titan] }), model: 'embed' }];
    const { post, invoker, records } = await aStartedGateway([], { routes });
    const response = await post('/v1/embeddings', { model: 'embed', input: ['one', 'two'] });
    expect(response.headers.get('x-spillway-attempts')).toBe('2');
    const waking = invoker.calls.filter(({ target }) => target === cold.id);
    expect(waking.map(({ call }) => call.request)).toMatchObject([{ texts: ['one'] }]);
    expect(records).toMatchObject([{ work: 'embedding', wakeUps: 1, spilled: true, outcome: 'answered' }]);
  });
});
