import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import {
  endOpenAiStream,
  startOpenAiStream,
  stepOpenAiStream,
  textChunkJson,
} from '#core/wire/openai/chat-stream.ts';

const identity = { id: 'chatcmpl-1', model: 'chat-small', createdSeconds: 1_795_248_000 };

function translated(events: readonly ModelEvent[], includeUsage = false) {
  let state = startOpenAiStream(identity, includeUsage);
  const chunks = events.flatMap((event) => {
    const step = stepOpenAiStream(state, event);
    state = step.state;
    return step.chunks;
  });
  return [...chunks, ...endOpenAiStream(state)];
}
const choicesOf = (chunk: Readonly<Record<string, unknown>>) => chunk.choices;
const stop: ModelEvent = { type: 'message-stop', stopReason: 'tool_use' };
const usage: ModelEvent = {
  type: 'usage',
  usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 10 },
};

describe('a stream of chunks', () => {
  it('says the role once, numbers tool calls from 0, and ends with the reason', () => {
    const events: readonly ModelEvent[] = [
      { type: 'message-start' },
      { type: 'text-delta', index: 0, text: 'Let me look.' },
      { type: 'tool-use-start', index: 1, toolUseId: 'a', name: 'look' },
      { type: 'tool-use-delta', index: 1, inputJson: '{}' },
      { type: 'tool-use-start', index: 2, toolUseId: 'b', name: 'hear' },
      { type: 'tool-use-delta', index: 2, inputJson: '{"at":1}' },
      { type: 'block-stop', index: 2 },
      stop,
      usage,
    ];
    const delta = (value: unknown, finish: string | null = null) => [
      { index: 0, delta: value, logprobs: null, finish_reason: finish },
    ];
    expect(translated(events).map(choicesOf)).toEqual([
      delta({ role: 'assistant', content: 'Let me look.' }),
      delta({
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'look', arguments: '' } }],
      }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
      delta({
        tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'hear', arguments: '' } }],
      }),
      delta({ tool_calls: [{ index: 1, function: { arguments: '{"at":1}' } }] }),
      delta({}, 'tool_calls'),
    ]);
  });

  it('carries usage in a chunk of its own when asked for, cached tokens among the prompt’s', () => {
    const chunks = translated([{ type: 'text-delta', index: 0, text: 'hi' }, stop, usage], true);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 13,
        completion_tokens: 4,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 10 },
      },
    });
  });

  it('gives an empty answer its role with its end', () => {
    const [only] = translated([{ type: 'message-stop', stopReason: 'end_turn' }]);
    expect(only?.choices).toMatchObject([
      { delta: { role: 'assistant', content: '' }, finish_reason: 'stop' },
    ]);
  });

  it('says no finish reason that the target did not say', () => {
    const chunks = translated([{ type: 'text-delta', index: 0, text: 'hi' }, usage], true);
    expect(JSON.stringify(chunks)).not.toMatch(/"finish_reason":"/);
    expect(chunks).toHaveLength(1);
  });
});

describe('textChunkJson', () => {
  it('writes the chunk of a text as a step does, whatever the names hold', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '"content":""', '\ud800', '\n'));
    fc.assert(
      fc.property(text, text, fc.boolean(), (model, said, includeUsage) => {
        const begun = startOpenAiStream({ ...identity, model }, includeUsage);
        const { state } = stepOpenAiStream(begun, { type: 'text-delta', index: 0, text: 'first' });
        const { chunks } = stepOpenAiStream(state, { type: 'text-delta', index: 0, text: said });
        expect(textChunkJson(state)(said)).toBe(JSON.stringify(chunks[0]));
      }),
      { numRuns: 200 },
    );
  });
});
