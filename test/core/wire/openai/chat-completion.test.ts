import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { chatCompletion } from '#core/wire/openai/chat-completion.ts';

const identity = { id: 'chatcmpl-1', model: 'chat-small', createdSeconds: 1_795_248_000 };

describe('a completion', () => {
  it('has null content and the calls when the model only calls tools', () => {
    const blocks = [{ index: 0, kind: 'tool-use', toolUseId: 'a', name: 'look', inputJson: '' }] as const;
    const { choices } = chatCompletion(identity, { ...emptyAnswer, blocks, stopReason: 'tool_use' });
    expect(choices[0]).toMatchObject({
      message: { content: null, tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{}' } }] },
      finish_reason: 'tool_calls',
    });
  });

  it('shows what a thinking model thought, and no usage that nobody reported', () => {
    const blocks = [
      { index: 0, kind: 'reasoning', text: 'Hm.', signature: 'c2ln' },
      { index: 1, kind: 'text', text: 'Yes.' },
    ] as const;
    const completion = chatCompletion(identity, { ...emptyAnswer, blocks });
    expect(completion.choices[0]?.message).toMatchObject({ reasoning_content: 'Hm.', content: 'Yes.' });
    expect(completion).not.toHaveProperty('usage');
    expect(completion.choices[0]?.finish_reason).toBeNull();
  });
});
