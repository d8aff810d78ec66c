import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyAnswer, foldEvent, foldEvents, textOf } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';

const events: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'Hm. ' },
  { type: 'reasoning-delta', index: 0, text: 'So.' },
  { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
  { type: 'text-delta', index: 1, text: 'Let me ' },
  { type: 'text-delta', index: 1, text: 'look.' },
  { type: 'tool-use-start', index: 2, toolUseId: 'a', name: 'look' },
  { type: 'tool-use-start', index: 3, toolUseId: 'b', name: 'hear' },
  { type: 'tool-use-delta', index: 3, inputJson: '{"at":' },
  { type: 'tool-use-delta', index: 2, inputJson: '{}' },
  { type: 'tool-use-delta', index: 3, inputJson: '"door"}' },
  { type: 'block-stop', index: 3 },
  { type: 'message-stop', stopReason: 'tool_use' },
  { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
];

it('makes one answer of a stream, with tool calls that interleave kept apart', () => {
  expect(events.reduce(foldEvent, emptyAnswer)).toEqual({
    blocks: [
      { index: 0, kind: 'reasoning', text: 'Hm. So.', signature: 'c2ln' },
      { index: 1, kind: 'text', text: 'Let me look.' },
      { index: 2, kind: 'tool-use', toolUseId: 'a', name: 'look', inputJson: '{}' },
      { index: 3, kind: 'tool-use', toolUseId: 'b', name: 'hear', inputJson: '{"at":"door"}' },
    ],
    stopReason: 'tool_use',
    usage: { inputTokens: 3, outputTokens: 4 },
  });
});

it('keeps blocks apart that share a number, and thoughts that nobody may read', () => {
  const mixed: readonly ModelEvent[] = [
    { type: 'reasoning-redacted', index: 0, dataBase64: 'AAE=' },
    { type: 'text-delta', index: 0, text: 'Yes.' },
    { type: 'tool-use-delta', index: 0, inputJson: '{}' },
    { type: 'message-stop', stopReason: 'end_turn', additionalModelResponseFields: { stop_sequence: null } },
  ];
  const answer = mixed.reduce(foldEvent, emptyAnswer);
  expect(answer.blocks).toEqual([
    { index: 0, kind: 'reasoning-redacted', dataBase64: 'AAE=' },
    { index: 0, kind: 'text', text: 'Yes.' },
  ]);
  expect(answer.additionalModelResponseFields).toEqual({ stop_sequence: null });
  expect(textOf(answer)).toBe('Yes.');
});

it('invents no end for a stream that has none', () => {
  expect(events.slice(0, 5).reduce(foldEvent, emptyAnswer)).toMatchObject({
    stopReason: undefined,
    usage: undefined,
  });
});

it('keeps citations with the text that they belong to, and what Bedrock told', () => {
  const cited: readonly ModelEvent[] = [
    { type: 'citation', index: 0, citation: { title: 'one' } },
    { type: 'text-delta', index: 0, text: 'It rises.' },
    { type: 'citation', index: 0, citation: { title: 'two' } },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 }, bedrock: { serviceTier: 'flex' } },
  ];
  expect(cited.reduce(foldEvent, emptyAnswer)).toMatchObject({
    blocks: [{ kind: 'text', text: 'It rises.', citations: [{ title: 'one' }, { title: 'two' }] }],
    bedrock: { serviceTier: 'flex' },
  });
});

it('is the same all at once as one event after another', () => {
  const index = fc.nat({ max: 2 });
  const event = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('text-delta' as const), index, text: fc.string() }),
    },
    fc.record({ type: fc.constant('reasoning-delta' as const), index, text: fc.string() }),
    fc.record({ type: fc.constant('block-stop' as const), index }),
    fc.constantFrom<ModelEvent>(...events),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (all) => {
      expect(foldEvents(all)).toEqual(all.reduce(foldEvent, emptyAnswer));
    }),
  );
});
