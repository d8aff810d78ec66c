/** An answer that the model itself spoiled, from Bedrock's own bytes to each caller's format. */
import { describe, expect, it } from 'vitest';
import { createBedrockInvoker } from '#adapters/aws/bedrock-invoker.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { converseFrames, eventFrame } from '#test/builders/event-stream-frame.ts';
import { bodyReading } from '#test/builders/upstream-body.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const [start, text, blockStop, , metadata] = converseFrames('half').map((frame) => new Uint8Array(frame));
const spoiledStop = eventFrame('messageStop', { stopReason: 'malformed_tool_use' });

/** The first target spoils its answers, after a text or before any; the other one answers well. */
async function world(afterText: boolean) {
  const called: string[] = [];
  const begun = afterText ? [start, text, blockStop] : [start];
  const invoker = createBedrockInvoker({
    now: () => 0,
    close: async () => undefined,
    prepare: () => undefined,
    send: async ({ target }) => {
      called.push(target.region);
      const spoils = target.region === east.region;
      const frames = spoils ? [...begun, spoiledStop, metadata] : [...converseFrames('well')];
      return {
        status: 200,
        headers: { 'content-type': 'application/vnd.amazon.eventstream' },
        body: bodyReading(async () => frames.shift()),
      };
    },
  });
  return { called, ...(await aStartedGateway([east, west], { overrides: { invoker } })) };
}

const messages = [{ role: 'user', content: 'hello' }];
const formats = [
  ['/v1/chat/completions', { messages }],
  ['/v1/responses', { input: 'hello' }],
  ['/v1/messages', { messages, max_tokens: 9 }],
] as const;

describe.each(formats)('at %s', (path, body) => {
  const ask = { model: 'chat-small', ...body };

  it.each([false, true])(
    'is made by the next target before its first content (stream: %s)',
    async (stream) => {
      const { post, called } = await world(false);
      const answer = await post(path, { ...ask, stream });
      expect([answer.status, called]).toEqual([200, ['us-east-1', 'us-west-2']]);
      expect(await answer.text()).toContain('well');
    },
  );

  it('is made by the next target where it is plain', async () => {
    const { post, called, records } = await world(true);
    const answer = await post(path, ask);
    expect([answer.status, called]).toEqual([200, ['us-east-1', 'us-west-2']]);
    const said = await answer.text();
    expect([said.includes('well'), said.includes('half')]).toEqual([true, false]);
    expect(records[0]?.attempts[0]).toMatchObject({ outcome: 'malformed-answer' });
  });

  it('ends a stream in an error and never in an end', async () => {
    const { post, called } = await world(true);
    const said = await (await post(path, { ...ask, stream: true })).text();
    expect([said.includes('half'), called]).toEqual([true, ['us-east-1']]);
    expect(said).toContain('stream_interrupted');
    expect(said).not.toMatch(/"(finish|stop)_reason":"|\[DONE\]|response\.completed|message_stop/);
  });
});

it('is told to callers of Converse as it came', async () => {
  const { post, called } = await world(true);
  const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
  const answer = await post('/model/chat-small/converse', body);
  expect([await answer.json(), called]).toMatchObject([{ stopReason: 'malformed_tool_use' }, ['us-east-1']]);
});
