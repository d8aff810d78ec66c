import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { anthropicMessage } from '#core/wire/anthropic/message.ts';
import {
  type AnthropicEvent,
  endAnthropicStream,
  startAnthropicStream,
  stepAnthropicStream,
} from '#core/wire/anthropic/message-stream.ts';
import { accumulate } from './accumulate.ts';

const identity = { id: 'msg_1', model: 'chat-large', stopSequences: ['STOP'] };

function eventsOf(events: readonly ModelEvent[]): readonly AnthropicEvent[] {
  let state = startAnthropicStream(identity);
  const written: AnthropicEvent[] = [];
  for (const event of events) {
    const next = stepAnthropicStream(state, event);
    state = next.state;
    written.push(...next.events);
  }
  return [...written, ...endAnthropicStream(state)];
}

const end: readonly ModelEvent[] = [
  { type: 'message-stop', stopReason: 'stop_sequence' },
  { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, cacheReadInputTokens: 1 } },
];

type Part = readonly ModelEvent[];
const texts = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
const block = (index: number): fc.Arbitrary<Part> =>
  fc.oneof(
    texts.map((parts): Part => parts.map((text) => ({ type: 'text-delta', index, text }))),
    fc
      .tuple(texts, fc.string())
      .map(
        ([parts, signature]): Part => [
          ...parts.map((text) => ({ type: 'reasoning-delta', index, text }) as const),
          { type: 'reasoning-signature', index, signature },
        ],
      ),
    fc
      .base64String({ minLength: 4 })
      .map((dataBase64): Part => [{ type: 'reasoning-redacted', index, dataBase64 }]),
    fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat()).map(([input, at]): Part => {
      const json = JSON.stringify(input);
      const cut = at % (json.length + 1);
      return [
        { type: 'tool-use-start', index, toolUseId: `t${index}`, name: 'look' },
        { type: 'tool-use-delta', index, inputJson: json.slice(0, cut) },
        { type: 'tool-use-delta', index, inputJson: json.slice(cut) },
      ];
    }),
  );
/** Blocks under numbers that rise with gaps, as targets that skip one have them, each with its stop or without. */
const answers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 6 })
  .chain((steps) => {
    let index = -1;
    const parts = steps.map(([gap, stops]) => {
      index += gap;
      const stop: Part = stops ? [{ type: 'block-stop', index }] : [];
      return block(index).map((part): Part => [...part, ...stop]);
    });
    return fc.tuple(...parts).map((all): Part => all.flat());
  });

describe('stepAnthropicStream', () => {
  it('adds up to the plain message, whatever the blocks and their numbers', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), (content, tellsStart) => {
        const start: Part = tellsStart ? [{ type: 'message-start' }] : [];
        const events = [...start, ...content, ...end];
        const plain = anthropicMessage(identity, events.reduce(foldEvent, emptyAnswer));
        expect(accumulate(eventsOf(events))).toEqual(plain);
      }),
    );
  });

  it('holds the stop reason back until the stream has ended well', () => {
    let state = startAnthropicStream(identity);
    for (const event of end) {
      const next = stepAnthropicStream(state, event);
      state = next.state;
      expect(JSON.stringify(next.events)).not.toContain('stop_sequence":"STOP');
    }
    expect(endAnthropicStream(state).map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
    expect(endAnthropicStream(startAnthropicStream(identity))).toEqual([]);
  });

  it('leaves out the stop of a block that never began, and a part of a call that never began', () => {
    const written = eventsOf([
      { type: 'block-stop', index: 0 },
      { type: 'tool-use-delta', index: 0, inputJson: '{}' },
      ...end,
    ]);
    expect(written.map(({ type }) => type)).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  it('ends a block whose number another kind takes over', () => {
    const written = eventsOf([
      { type: 'reasoning-delta', index: 0, text: 'hm' },
      { type: 'text-delta', index: 0, text: 'so' },
      ...end,
    ]);
    expect(accumulate(written).content).toMatchObject([{ thinking: 'hm' }, { text: 'so' }]);
  });

  it('tells a signature once, at the end of its thought', () => {
    const written = eventsOf([
      { type: 'reasoning-signature', index: 0, signature: 'ab' },
      { type: 'reasoning-signature', index: 0, signature: 'cd' },
      { type: 'block-stop', index: 0 },
      ...end,
    ]);
    const deltas = written.filter(({ type }) => type === 'content_block_delta');
    expect(deltas).toEqual([
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'abcd' } },
    ]);
  });

  it('tells where a text comes from', () => {
    const citation = {
      title: 'Tides',
      sourceContent: [{ text: 'The sea rises.' }],
      location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
    };
    const written = eventsOf([
      { type: 'text-delta', index: 0, text: 'It rises.' },
      { type: 'citation', index: 0, citation },
      { type: 'citation', index: 0, citation: { location: { web: { url: 'x' } } } },
      ...end,
    ]);
    expect(accumulate(written).content).toMatchObject([
      { text: 'It rises.', citations: [{ type: 'page_location', cited_text: 'The sea rises.' }] },
    ]);
  });

  it('counts what was shown where the target tells no usage, and says so', () => {
    const written = eventsOf([
      { type: 'text-delta', index: 0, text: 'a' },
      { type: 'text-delta', index: 0, text: 'b' },
      { type: 'message-stop', stopReason: 'end_turn' },
    ]);
    expect(written.at(-2)).toMatchObject({ usage: { output_tokens: 3, estimated: true } });
  });
});
