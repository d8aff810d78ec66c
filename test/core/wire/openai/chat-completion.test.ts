import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { chatCompletion } from '#core/wire/openai/chat-completion.ts';

const identity = { id: 'chatcmpl-1', model: 'chat-small', createdSeconds: 1_795_248_000 };

describe('a completion', () => {
  it('has null content and the calls when the model only calls tools', () => {
    const toolCalls = [{ index: 0, toolUseId: 'a', name: 'look', inputJson: '' }];
    const { choices } = chatCompletion(identity, { ...emptyAnswer, toolCalls, stopReason: 'tool_use' });
    expect(choices[0]).toMatchObject({
      message: { content: null, tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{}' } }] },
      finish_reason: 'tool_calls',
    });
  });

  it('shows what a thinking model thought, and no usage that nobody reported', () => {
    const completion = chatCompletion(identity, { ...emptyAnswer, reasoning: 'Hm.', text: 'Yes.' });
    expect(completion.choices[0]?.message).toMatchObject({ reasoning_content: 'Hm.', content: 'Yes.' });
    expect(completion).not.toHaveProperty('usage');
    expect(completion.choices[0]?.finish_reason).toBeNull();
  });
});
