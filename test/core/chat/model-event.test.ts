import { describe, expect, it } from 'vitest';
import { isContent, type ModelEvent } from '#core/chat/model-event.ts';

describe('the commit point', () => {
  const content: ModelEvent[] = [
    { type: 'text-delta', index: 0, text: '' },
    { type: 'reasoning-delta', index: 0, text: 'hm' },
    { type: 'tool-use-start', index: 0, toolUseId: 't', name: 'f' },
    { type: 'tool-use-delta', index: 0, inputJson: '{' },
    { type: 'message-stop', stopReason: 'end_turn' },
  ];
  const lifecycle: ModelEvent[] = [
    { type: 'message-start' },
    { type: 'block-stop', index: 0 },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 0 } },
  ];

  it('is the first delta of any kind, or the end of an empty answer', () => {
    expect(content.map(isContent)).toEqual(content.map(() => true));
  });

  it('is not reached by events that only open or account for an answer', () => {
    expect(lifecycle.map(isContent)).toEqual(lifecycle.map(() => false));
  });
});
