import { expect, it } from 'vitest';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';

const events: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'Hm. ' },
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
    text: 'Let me look.',
    reasoning: 'Hm. ',
    toolCalls: [
      { index: 2, toolUseId: 'a', name: 'look', inputJson: '{}' },
      { index: 3, toolUseId: 'b', name: 'hear', inputJson: '{"at":"door"}' },
    ],
    stopReason: 'tool_use',
    usage: { inputTokens: 3, outputTokens: 4 },
  });
});

it('invents no end for a stream that has none', () => {
  expect(events.slice(0, 5).reduce(foldEvent, emptyAnswer)).toMatchObject({
    stopReason: undefined,
    usage: undefined,
  });
});
