import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { openAiResponses } from '#usecases/gateway/dialects/openai-responses.ts';

const body = { model: 'chat-small', input: 'hello' };
const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7, elapsedMs: () => 5 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function readGood(changes: object = {}) {
  const call = openAiResponses.read({ ...body, ...changes }, {}, new Headers());
  if (!call.ok) throw new Error(JSON.stringify(call.violations));
  if (call.work.kind !== 'chat') throw new Error(`${call.work.kind} is no chat`);
  return call.work;
}

describe('the OpenAI responses dialect', () => {
  it('gives every violation of a body its path, of its shape as of its meaning', () => {
    const paths = (changes: object) => {
      const call = openAiResponses.read({ ...body, ...changes }, {}, new Headers());
      return call.ok ? [] : call.violations.map(({ path }) => path).sort();
    };
    expect(paths({ input: [], model: '', max_tool_calls: 1 })).toEqual(['input', 'max_tool_calls', 'model']);
    expect(paths({ input: '', tool_choice: 'required' })).toEqual(['input', 'tool_choice']);
  });

  it('names an answer after its request', () => {
    const whole = readGood().writer.whole(identity, { ...emptyAnswer, stopReason: 'end_turn' });
    expect(whole.body).toMatchObject({
      id: 'resp_r1',
      model: 'chat-small',
      created_at: 7,
      status: 'completed',
    });
  });

  it('ends a whole stream as completed and a broken one in an error', () => {
    const { writer, stream } = readGood({ stream: true });
    expect(stream).toBe(true);
    const whole = writer.stream(identity);
    whole.step({ type: 'text-delta', index: 0, text: 'a' });
    whole.step({ type: 'message-stop', stopReason: 'end_turn' });
    expect(text(whole.end())).toMatch(/event: response.completed\ndata: \{.*\}\n\n$/s);
    const broken = text(
      writer.stream(identity).interrupted({ outcome: 'reset', usage: undefined, deltas: 3 }),
    );
    expect(broken).toContain('stream_interrupted');
    expect(broken).not.toContain('response.completed');
  });

  it('is read alike by the official client wherever its bytes are cut, event for event', async () => {
    const { writer: chat } = readGood({ stream: true });
    const writer = chat.stream(identity);
    const bytes = Buffer.concat([...saidEvents.map((event) => writer.step(event)), writer.end()]);
    const readCut = async (cuts: readonly number[]): Promise<readonly unknown[]> => {
      const pieces = [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
      const fetch = async () =>
        new Response(ReadableStream.from(pieces), { headers: { 'content-type': writer.contentType } });
      const client = new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.example/v1', fetch, maxRetries: 0 });
      const heard: unknown[] = [];
      for await (const event of await client.responses.create({ ...body, stream: true })) heard.push(event);
      return heard;
    };
    const whole = eventsIn(text(bytes));
    expect(whole.map(({ sequence_number }) => sequence_number)).toEqual(whole.map((_, index) => index));
    expect(whole.at(-1)).toMatchObject({
      type: 'response.completed',
      response: chat.whole(identity, saidEvents.reduce(foldEvent, emptyAnswer)).body,
    });
    // Every position is cut once, a few bytes apart from the next; then all of them at once.
    const everywhere = [...bytes.keys()].slice(1);
    const apart = 16;
    const readings = Array.from({ length: apart }, (_, first) =>
      everywhere.filter((at) => at % apart === first),
    );
    for (const cuts of [[], ...readings, everywhere]) {
      expect(await readCut(cuts)).toEqual(whole);
    }
  });
});

/** A thought, a text of every width of character, and a call: all that a stream of this format can hold. */
const saidEvents: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'Ebbe…' },
  { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
  { type: 'block-stop', index: 0 },
  ...['Flut — ', '潮汐 ', '🌊', ' "\\n'].map(
    (part) => ({ type: 'text-delta', index: 1, text: part }) as const,
  ),
  { type: 'block-stop', index: 1 },
  { type: 'tool-use-start', index: 2, toolUseId: 'c1', name: 'tide' },
  { type: 'tool-use-delta', index: 2, inputJson: '{"ort":"Büsum ' },
  { type: 'tool-use-delta', index: 2, inputJson: '🌊"}' },
  { type: 'block-stop', index: 2 },
  { type: 'message-stop', stopReason: 'tool_use' },
  { type: 'usage', usage: { inputTokens: 7, outputTokens: 9, cacheReadInputTokens: 3 } },
];

function eventsIn(stream: string) {
  return [...stream.matchAll(/^data: (.+)$/gm)].map(
    ([, json]) => JSON.parse(json ?? '') as { readonly type: string; readonly sequence_number: number },
  );
}
