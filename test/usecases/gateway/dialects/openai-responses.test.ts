import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
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

  it('reads the same wherever its bytes are cut', () => {
    const writer = readGood({ stream: true }).writer.stream(identity);
    const said = ['Flut — ', '潮汐 ', '🌊', ' "\\n'];
    const bytes = Buffer.concat([
      ...said.map((part) => writer.step({ type: 'text-delta', index: 0, text: part })),
      writer.step({ type: 'message-stop', stopReason: 'end_turn' }),
      writer.end(),
    ]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const decoder = new TextDecoder();
      const parts = [bytes.subarray(0, at), bytes.subarray(at)];
      const whole = parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
      const deltas = [...whole.matchAll(/^data: (.+)$/gm)]
        .map(([, json]) => JSON.parse(json ?? '') as { readonly type: string; readonly delta?: string })
        .flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? [delta] : []));
      if (deltas.join('') !== said.join('')) throw new Error(`cut at ${at}: ${deltas.join('')}`);
    }
  });
});
