import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';

const body = { model: 'chat-small', messages: [{ role: 'user', content: 'hello' }] };
const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7, elapsedMs: () => 9 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function readGood(changes: object = {}) {
  const call = openAiChat.read({ ...body, ...changes }, {}, new Headers());
  if (!call.ok) throw new Error(JSON.stringify(call.violations));
  if (call.work.kind !== 'chat') throw new Error('no chat');
  return call.work;
}

describe('the OpenAI chat dialect', () => {
  it('gives every violation of a body its path', () => {
    const call = openAiChat.read({ messages: [], logprobs: true }, {}, new Headers());
    expect(call.ok ? [] : call.violations.map(({ path }) => path).sort()).toEqual([
      'logprobs',
      'messages',
      'model',
    ]);
  });

  it('names an answer after its request', () => {
    const whole = readGood().writer.whole(identity, { ...emptyAnswer, stopReason: 'end_turn' });
    expect(whole.body).toMatchObject({ id: 'chatcmpl-r1', model: 'chat-small', created: 7 });
  });

  it('ends a whole stream in [DONE] and a broken one without', () => {
    const { writer, stream } = readGood({ stream: true });
    expect(stream).toBe(true);
    const whole = writer.stream(identity);
    whole.step({ type: 'text-delta', index: 0, text: 'a' });
    whole.step({ type: 'message-stop', stopReason: 'end_turn' });
    expect(text(whole.end())).toMatch(/"finish_reason":"stop".*data: \[DONE\]\n\n$/s);
    const broken = text(
      writer.stream(identity).interrupted({ outcome: 'reset', usage: undefined, deltas: 3 }),
    );
    expect(broken).toContain('stream_interrupted');
    expect(broken).not.toContain('[DONE]');
  });

  it('is read alike by the official client wherever its bytes are cut', async () => {
    const writer = readGood({ stream: true }).writer.stream(identity);
    const said = ['Flut — ', '潮汐 ', '🌊', ' "\\n'];
    const bytes = Buffer.concat([
      ...said.map((part) => writer.step({ type: 'text-delta', index: 0, text: part })),
      writer.step({ type: 'message-stop', stopReason: 'end_turn' }),
      writer.end(),
    ]);
    const readCut = async (at: number): Promise<string> => {
      const fetch = async () =>
        new Response(ReadableStream.from([bytes.subarray(0, at), bytes.subarray(at)]), {
          headers: { 'content-type': writer.contentType },
        });
      const client = new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.example/v1', fetch, maxRetries: 0 });
      const messages = [{ role: 'user' as const, content: 'hello' }];
      let heard = '';
      for await (const { choices } of await client.chat.completions.create({
        model: 'm',
        stream: true,
        messages,
      }))
        heard += choices[0]?.delta.content ?? '';
      return heard;
    };
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await readCut(at), `cut at ${at}`).toBe(said.join(''));
  });
});
