import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';
import type { OutputItem } from '#core/wire/openai-responses/output-item.ts';
import { wholeResponse } from '#core/wire/openai-responses/response-object.ts';
import {
  endResponseStream,
  failResponseStream,
  startResponseStream,
  stepResponseStream,
} from '#core/wire/openai-responses/response-stream.ts';

const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7 };
const echo = { store: false };

function stepped(events: readonly ModelEvent[]) {
  let state = startResponseStream(identity, echo);
  const frames = events.flatMap((event) => {
    const step = stepResponseStream(state, event);
    state = step.state;
    return step.frames;
  });
  return { state, frames };
}

function streamed(events: readonly ModelEvent[]) {
  const { state, frames } = stepped(events);
  return [...frames, ...endResponseStream(state)];
}

const stop: ModelEvent = { type: 'message-stop', stopReason: 'tool_use' };
const usage: ModelEvent = { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } };
const answer: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'Hm.' },
  { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
  { type: 'block-stop', index: 0 },
  { type: 'text-delta', index: 3, text: 'I ' },
  { type: 'text-delta', index: 3, text: 'look.' },
  { type: 'block-stop', index: 3 },
  { type: 'block-stop', index: 9 },
  { type: 'tool-use-start', index: 4, toolUseId: 'a', name: 'look' },
  { type: 'tool-use-delta', index: 4, inputJson: '{"at":1}' },
  { type: 'block-stop', index: 4 },
  stop,
  usage,
];

describe('a stream of responses', () => {
  it('tells items in their order, places counted from 0, and ends with the whole response', () => {
    const frames = streamed(answer);
    expect(frames.map(({ type, output_index }) => [type, output_index])).toEqual([
      ['response.created', undefined],
      ['response.in_progress', undefined],
      ['response.output_item.added', 0],
      ['response.reasoning_summary_part.added', 0],
      ['response.reasoning_summary_text.delta', 0],
      ['response.reasoning_summary_text.done', 0],
      ['response.reasoning_summary_part.done', 0],
      ['response.output_item.done', 0],
      ['response.output_item.added', 1],
      ['response.content_part.added', 1],
      ['response.output_text.delta', 1],
      ['response.output_text.delta', 1],
      ['response.output_text.done', 1],
      ['response.content_part.done', 1],
      ['response.output_item.done', 1],
      ['response.output_item.added', 2],
      ['response.function_call_arguments.delta', 2],
      ['response.function_call_arguments.done', 2],
      ['response.output_item.done', 2],
      ['response.completed', undefined],
    ]);
    expect(frames.map(({ sequence_number }) => sequence_number)).toEqual(frames.map((_, index) => index));
    expect(frames.at(-1)).toMatchObject({
      response: wholeResponse(identity, echo, answer.reduce(foldEvent, emptyAnswer)),
    });
  });

  it('says nothing before the first content: another target may still answer', () => {
    expect(stepped([{ type: 'message-start' }, usage]).frames).toEqual([]);
  });

  it('announces an empty answer with its end', () => {
    const frames = streamed([{ type: 'message-stop', stopReason: 'end_turn' }]);
    expect(frames.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
  });

  it('calls the item incomplete that was cut short, and no other', () => {
    const cut = streamed([...answer.slice(0, -2), { type: 'message-stop', stopReason: 'max_tokens' }]);
    const items = cut.flatMap(({ type, item }) =>
      type === 'response.output_item.done' ? [item as OutputItem] : [],
    );
    expect(items.map(({ status }) => status)).toEqual(['completed', 'completed', 'incomplete']);
    expect(cut.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    });
  });

  it('ends where it broke in an error and the items as far as they came', () => {
    const { state } = stepped(answer.slice(0, 6));
    const failure = interruptedStream({ outcome: 'reset', usage: undefined, deltas: 3 });
    const frames = failResponseStream(state, failure, undefined);
    expect(frames).toMatchObject([
      { type: 'error', code: 'stream_interrupted', error: { code: 'stream_interrupted' } },
      {
        type: 'response.failed',
        response: {
          status: 'failed',
          error: { code: 'server_error' },
          output: [{ status: 'completed' }, { status: 'incomplete', content: [{ text: 'I look.' }] }],
          usage: null,
        },
      },
    ]);
    expect(frames[0]?.usage).toEqual({ completion_tokens: 3, estimated: true });
  });

  it('tells the usage of a broken answer where the target did', () => {
    const { state } = stepped(answer.slice(0, 6));
    const told = { inputTokens: 3, outputTokens: 4 };
    const frames = failResponseStream(
      state,
      interruptedStream({ outcome: 'x', usage: told, deltas: 3 }),
      told,
    );
    expect(frames).toMatchObject([
      { usage: { total_tokens: 7 } },
      { response: { usage: { total_tokens: 7 } } },
    ]);
  });
});

/** Blocks in any order of kinds, their deltas in turn, as a target may write them. */
const blocks = fc.array(
  fc.record({
    kind: fc.constantFrom('text', 'tool', 'reasoning'),
    parts: fc.array(fc.string(), { maxLength: 4 }),
  }),
  { maxLength: 6 },
);

it('adds up to the plain answer, whatever a target says', () => {
  fc.assert(
    fc.property(blocks, fc.constantFrom('end_turn', 'max_tokens', 'tool_use'), (said, stopReason) => {
      const events: ModelEvent[] = said.flatMap(({ kind, parts }, index): ModelEvent[] => {
        const start: ModelEvent[] =
          kind === 'tool' ? [{ type: 'tool-use-start', index, toolUseId: `t${index}`, name: 'look' }] : [];
        const deltas = parts.map((part): ModelEvent => {
          if (kind === 'tool') return { type: 'tool-use-delta', index, inputJson: part };
          return kind === 'text'
            ? { type: 'text-delta', index, text: part }
            : { type: 'reasoning-delta', index, text: part };
        });
        return [...start, ...deltas, { type: 'block-stop', index }];
      });
      const frames = streamed([...events, { type: 'message-stop', stopReason }, usage]);
      const done = frames.flatMap(({ type, item }) => (type === 'response.output_item.done' ? [item] : []));
      const whole = wholeResponse(
        identity,
        echo,
        [...events, { type: 'message-stop', stopReason } as const, usage].reduce(foldEvent, emptyAnswer),
      );
      expect(done).toEqual(whole.output);
      expect(frames.at(-1)?.response).toEqual(whole);
      for (const [place, item] of whole.output.entries()) {
        if (item.type === 'reasoning') continue;
        const deltas = frames
          .filter(({ type, output_index }) => output_index === place && type.endsWith('.delta'))
          .map(({ delta }) => delta)
          .join('');
        expect(deltas).toBe(item.type === 'message' ? item.content[0]?.text : item.arguments);
      }
    }),
    { numRuns: 300 },
  );
});
