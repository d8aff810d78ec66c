import { describe, expect, it } from 'vitest';
import { aGateway, eventsOf } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const warm = aDedicatedTarget();
const throttled = aSignal({ errorName: 'ThrottlingException', httpStatus: 429 });

async function started(targets = [east, west]) {
  const world = aGateway({ routes: [aRoute({ targets })] });
  await world.gateway.start();
  world.gateway.stop();
  return world;
}

describe('a plain chat', () => {
  it('is answered by the nearest target, with its usage and every header', async () => {
    const world = await started();
    const response = await world.chat();
    expect(await response.json()).toEqual({
      id: 'chatcmpl-request-1',
      object: 'chat.completion',
      created: 1795248000,
      model: 'chat-small',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello there', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-')))).toEqual({
      'x-spillway-request-id': 'request-1',
      'x-spillway-model': 'chat-small',
      'x-spillway-target': east.id,
      'x-spillway-region': 'us-east-1',
      'x-spillway-reach': 'us-east-1',
      'x-spillway-scope': 'in-region',
      'x-spillway-tier': 'serverless',
      'x-spillway-residency': 'us',
      'x-spillway-attempts': '1',
      'x-spillway-max-tokens': '8192',
    });
  });

  it('goes to a warm dedicated target first and spills to Bedrock when it has no capacity', async () => {
    const world = await started([east, warm]);
    const text = 'Inference Component has no capacity to process this request';
    world.invoker.script(warm.id, {
      failsBefore: aSignal({
        service: 'sagemaker-runtime',
        errorName: 'ValidationError',
        httpStatus: 400,
        message: text,
      }),
    });
    const response = await world.chat();
    expect(response.headers.get('x-spillway-tier')).toBe('serverless');
    expect(response.headers.get('x-spillway-attempts')).toBe('2');
    expect(world.records[0]).toMatchObject({ outcome: 'answered', spilled: true });
  });

  it('moves on to another quota pool when the first is throttled, and leaves that pool alone after', async () => {
    const world = await started();
    world.invoker.script(east.id, { failsBefore: { ...throttled, retryAfterMs: 30_000 } });
    expect((await world.chat()).headers.get('x-spillway-attempts')).toBe('2');
    expect((await world.chat()).headers.get('x-spillway-attempts')).toBe('1');
    expect(world.invoker.calls.map(({ target }) => target)).toEqual([east.id, west.id, west.id]);
  });
});

describe('a streamed chat', () => {
  it('is sent as chunks that end with the finish reason, the usage and [DONE]', async () => {
    const world = await started();
    const events = await eventsOf(
      await world.chat({ stream: true, stream_options: { include_usage: true } }),
    );
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(events.at(-1)).toBe('[DONE]');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant', content: 'Hello' },
      { content: ' there' },
      {},
      undefined,
    ]);
    expect(chunks[2]?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks[3]?.usage).toEqual({ prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 });
  });
});
