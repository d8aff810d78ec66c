import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '#core/chat/model-event.ts';
import {
  endConverseStream,
  startConverseStream,
  stepConverseStream,
} from '#core/wire/bedrock/converse-stream.ts';

function sent(events: readonly ModelEvent[], end = true): readonly (readonly [string, unknown])[] {
  let state = startConverseStream();
  const all = events.flatMap((event) => {
    const step = stepConverseStream(state, event);
    state = step.state;
    return step.events;
  });
  return [...all, ...(end ? endConverseStream(state, 9) : [])].map(({ type, members }) => [type, members]);
}

const start: ModelEvent = { type: 'message-start' };
const stop: ModelEvent = { type: 'message-stop', stopReason: 'end_turn' };
const usage: ModelEvent = { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } };
const text = (index: number, said: string): ModelEvent => ({ type: 'text-delta', index, text: said });

describe('a stream', () => {
  it('announces the message once and tool calls alone, and ends in the stop reason, then usage', () => {
    expect(
      sent([
        start,
        { type: 'reasoning-delta', index: 0, text: 'hm' },
        { type: 'reasoning-signature', index: 0, signature: 's' },
        { type: 'block-stop', index: 0 },
        text(1, 'a'),
        { type: 'citation', index: 1, citation: { title: 't' } },
        { type: 'block-stop', index: 1 },
        { type: 'tool-use-start', index: 2, toolUseId: 'c', name: 'look' },
        { type: 'tool-use-delta', index: 2, inputJson: '{}' },
        { type: 'block-stop', index: 2 },
        { ...stop, additionalModelResponseFields: { a: 1 } },
        { ...usage, bedrock: { serviceTier: 'flex' } },
      ]),
    ).toEqual([
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { delta: { reasoningContent: { text: 'hm' } }, contentBlockIndex: 0 }],
      ['contentBlockDelta', { delta: { reasoningContent: { signature: 's' } }, contentBlockIndex: 0 }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockDelta', { delta: { text: 'a' }, contentBlockIndex: 1 }],
      ['contentBlockDelta', { delta: { citation: { title: 't' } }, contentBlockIndex: 1 }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['contentBlockStart', { start: { toolUse: { toolUseId: 'c', name: 'look' } }, contentBlockIndex: 2 }],
      ['contentBlockDelta', { delta: { toolUse: { input: '{}' } }, contentBlockIndex: 2 }],
      ['contentBlockStop', { contentBlockIndex: 2 }],
      ['messageStop', { stopReason: 'end_turn', additionalModelResponseFields: { a: 1 } }],
      [
        'metadata',
        {
          usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
          metrics: { latencyMs: 9 },
          serviceTier: { type: 'flex' },
        },
      ],
    ]);
  });

  it('numbers blocks from 0 as they begin, ends those left open, and ignores ends of what never began', () => {
    expect(sent([text(7, 'a'), { type: 'block-stop', index: 3 }, text(9, 'b'), stop]).slice(1, -2)).toEqual([
      ['contentBlockDelta', { delta: { text: 'a' }, contentBlockIndex: 0 }],
      ['contentBlockDelta', { delta: { text: 'b' }, contentBlockIndex: 1 }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
    ]);
  });

  it('says no stop reason before the end, and none that the target did not give', () => {
    const types = (pairs: ReturnType<typeof sent>) => pairs.map(([type]) => type);
    expect(types(sent([start, text(0, 'a'), stop, usage], false))).not.toContain('messageStop');
    expect(types(sent([start, text(0, 'a')]))).toEqual(['messageStart', 'contentBlockDelta']);
  });

  it('drops input of a call that never began', () => {
    expect(sent([start, { type: 'tool-use-delta', index: 0, inputJson: '{}' }], false)).toHaveLength(1);
  });

  it('loses no text however it is cut, and gives every block one end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.string()), { maxLength: 20 }), (said) => {
        const all = sent([start, ...said.map(([index, each]) => text(index, each)), stop]);
        const texts = all.flatMap(([type, members]) =>
          type === 'contentBlockDelta' ? [(members as { delta: { text: string } }).delta.text] : [],
        );
        expect(texts).toEqual(said.map(([, each]) => each));
        const ends = all.filter(([type]) => type === 'contentBlockStop');
        expect(ends).toHaveLength(new Set(said.map(([index]) => index)).size);
      }),
    );
  });
});
