import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathsOf, requestOf } from './translate.ts';

const tool = { name: 'look', input_schema: { type: 'object' } };

describe('chatRequestOfAnthropic', () => {
  it('carries every field that changes the answer', () => {
    const request = requestOf(
      {
        system: 'Be brief.',
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        stop_sequences: ['a', 'b'],
        tools: [tool],
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
        output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object' } } },
      },
      ['interleaved-thinking-2025-05-14'],
    );
    expect(request).toEqual({
      model: 'chat-large',
      system: [{ text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      inference: { maxTokens: 4096, temperature: 0.5, topP: 0.9, stopSequences: ['a', 'b'] },
      tellsStopSequence: true,
      tools: {
        specifications: [{ name: 'look', inputSchema: { type: 'object' } }],
        choice: { kind: 'auto' },
      },
      responseFormat: { kind: 'json-schema', name: 'answer', schema: { type: 'object' } },
      anthropic: { topK: 40, singleToolCall: true, betas: ['interleaved-thinking-2025-05-14'] },
      bedrock: { effort: 'high' },
    });
  });

  it('asks for nothing that the body does not say', () => {
    const request = requestOf({ stop_sequences: [], thinking: { type: 'disabled' }, system: '' });
    expect(request).toEqual({
      model: 'chat-large',
      system: [],
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      inference: { maxTokens: 4096 },
    });
  });

  it('needs no bound on an answer where none is asked for', () => {
    expect(
      requestOf({ max_tokens: undefined, thinking: { type: 'enabled', budget_tokens: 2048 } }),
    ).toMatchObject({
      inference: {},
      reasoning: { budgetTokens: 2048 },
    });
  });

  it('lets the model decide how much it thinks', () => {
    expect(requestOf({ thinking: { type: 'adaptive' } }).anthropic).toEqual({ adaptiveThinking: {} });
    expect(requestOf({ thinking: { type: 'adaptive', display: 'omitted' } })).toMatchObject({
      anthropic: { adaptiveThinking: { display: 'omitted' } },
    });
    expect(pathsOf({ thinking: { type: 'adaptive' }, temperature: 0 })).toEqual(['temperature']);
  });

  it('has no bound on calls without tools', () => {
    expect(
      requestOf({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }).anthropic,
    ).toBeUndefined();
  });

  it('goes on where the assistant ended', () => {
    const messages = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: 'It is' },
    ] as const;
    expect(requestOf({ messages }).continuesAssistant).toBe(true);
    expect(requestOf().continuesAssistant).toBeUndefined();
  });

  it('keeps texts and inputs of tools as they are', () => {
    const input = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), input, fc.string({ minLength: 1 }), (text, given, result) => {
        const { messages } = requestOf({
          tools: [tool],
          messages: [
            { role: 'user', content: text },
            { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'look', input: given }] },
            { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: result }] },
          ],
        });
        expect(messages.map(({ content }) => content)).toEqual([
          [{ text }],
          [{ toolUse: { toolUseId: 't', name: 'look', input: given } }],
          [{ toolResult: { toolUseId: 't', content: [{ text: result }] } }],
        ]);
      }),
    );
  });

  it('tells all violations at once', () => {
    expect(
      pathsOf({
        thinking: { type: 'enabled', budget_tokens: 5000 },
        top_k: 1,
        tool_choice: { type: 'any' },
        messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'x', input: {} }] }],
      }).toSorted(),
    ).toEqual([
      'messages[0]',
      'messages[0].role',
      'thinking.budget_tokens',
      'tool_choice',
      'tool_choice.type',
      'tools',
      'top_k',
    ]);
  });
});
