import { describe, expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

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
