import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import { ContainerReader, containerChunk, readContainerAnswer } from '#adapters/aws/container-stream.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { SourceBody } from '#core/chat/source-body.ts';

const chat: SourceBody = { format: 'openai-chat', streamed: true, showsUsage: false };
const chunk = (more: object, delta: object = { content: 'hi' }) =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }], ...more });

function piecesOf(data: string, source: SourceBody | 'none' = chat) {
  const arrived: ModelEvent[] = [];
  const wanted = { source: source === 'none' ? undefined : source, model: 'chat' };
  new ContainerReader(wanted).read(data, arrived);
  return arrived.flatMap((event) => (event.type === 'verbatim' ? [Buffer.from(event.bytes).toString()] : []));
}

describe('a container’s chunk', () => {
  it('goes on as it came under the logical name, in any spelling of the member', () => {
    expect(piecesOf(chunk({ model: 'served', x: null }))).toEqual([
      `data: ${chunk({ model: 'chat', x: null })}\n\n`,
    ]);
    const spaced = '{"model": "served", "choices": [], "note": "\\"model\\": \\"served\\""}';
    expect(piecesOf(spaced)).toEqual([`data: ${spaced.replace('"model": "served"', '"model": "chat"')}\n\n`]);
    expect(piecesOf('{"model"  :"served","choices":[]}')).toEqual([
      'data: {"model":"chat","choices":[]}\n\n',
    ]);
    expect(piecesOf('{"choices":[]}')).toEqual(['data: {"choices":[]}\n\n']);
  });

  it('comes without its pieces where the caller speaks another format', () => {
    expect(piecesOf(chunk({}), 'none')).toEqual([]);
    const converse = { ...chat, format: 'bedrock-converse' } as const;
    expect(new ContainerReader({ source: converse, model: 'chat' }).verbatim).toBe(false);
    expect(piecesOf(chunk({}), converse)).toEqual([]);
  });

  it('of usage alone goes to those who asked for it', () => {
    const usage = '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}';
    expect(piecesOf(usage)).toEqual([]);
    expect(piecesOf(usage, { ...chat, showsUsage: true })).toEqual([`data: ${usage}\n\n`]);
  });

  it('says nothing after [DONE], and names what is missing before', () => {
    const reader = new ContainerReader({ source: chat, model: 'chat' });
    const arrived: ModelEvent[] = [];
    expect(reader.missing()).toBe('a finish_reason');
    reader.read('{"choices":[{"delta":{},"finish_reason":"stop"}]}', arrived);
    expect(reader.missing()).toBe('[DONE]');
    reader.read('[DONE]', arrived);
    const before = arrived.length;
    reader.read(chunk({}), arrived);
    expect([reader.missing(), arrived.length]).toEqual([undefined, before]);
  });

  it('goes on under the logical name alone, also where another member of it has the same', () => {
    const nested = '{"choices":[],"router":{"model":"served"},"model":"served"}';
    expect(piecesOf(nested)).toEqual(['data: {"choices":[],"router":{"model":"served"},"model":"chat"}\n\n']);
  });

  it('cannot end a line of the stream inside of itself', () => {
    expect(piecesOf('{"choices":[],\r"model":"chat"}\r')).toEqual([
      'data: {"choices":[],"model":"chat"}\n\n',
    ]);
  });

  it('may follow the end, but not for ever', () => {
    const reader = new ContainerReader({ source: chat, model: 'chat' });
    const follow = () => {
      for (let count = 0; count < 300; count += 1) reader.read(`{"x":"${'x'.repeat(1024)}"}`, []);
    };
    follow();
    reader.read('{"choices":[{"delta":{},"finish_reason":"stop"}]}', []);
    expect(follow).toThrow(MalformedAnswer);
  });

  it('that the engine gave up is no end', () => {
    expect(() => piecesOf('{"choices":[{"delta":{},"finish_reason":"abort"}]}')).toThrow(MalformedAnswer);
  });

  it('may be an error', () => {
    for (const error of [
      '{"message":"out of memory","code":500}',
      '{"message":"out of memory","http_status_code":500}',
    ])
      expect(() => containerChunk(`{"error":${error}}`)).toThrow(/out of memory/);
    expect(() => containerChunk('{"error":"no room","code":429}')).toThrow(/no room/);
    expect(containerChunk('{"error":null}')).toEqual({ error: null });
  });
});

describe('an answer in one piece', () => {
  it('keeps what only the target says, but lists, which are of one chunk alone', () => {
    const arrived: ModelEvent[] = [];
    const choice = { message: { content: 'hi' }, finish_reason: 'stop', stop_reason: 7, token_ids: [1] };
    const text = JSON.stringify({ id: 'x', model: 'served', kv: { hit: 1 }, list: [1], choices: [choice] });
    const plain = { ...chat, streamed: false };
    expect(readContainerAnswer(text, { source: plain, model: 'chat' }, arrived)).toBeUndefined();
    expect(arrived.at(-1)).toEqual({
      type: 'own-members',
      answer: { kv: { hit: 1 } },
      choice: { stop_reason: 7 },
    });
    expect(readContainerAnswer('{"choices":[]}', { source: undefined, model: 'chat' }, [])).toBe(
      'a finish_reason',
    );
  });
});
