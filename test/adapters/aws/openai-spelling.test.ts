import { describe, expect, it } from 'vitest';
import { inOpenAiSpelling } from '#adapters/aws/openai-spelling.ts';

const chunk = (delta: object, finish: string | null = null) => ({
  ...{ id: 'x', extra: 1 },
  choices: [{ index: 0, delta, finish_reason: finish, stop_reason: null }],
});

describe('a chunk in OpenAI’s own spelling', () => {
  it('stays as it is', () => {
    for (const delta of [
      {},
      { content: 'a' },
      { reasoning_content: 'a', reasoning: 'a' },
      { tool_calls: [{ index: 1 }] },
    ])
      expect(inOpenAiSpelling(chunk(delta, 'length'))).toBeUndefined();
    for (const other of [
      {},
      { choices: [] },
      { choices: [null] },
      { choices: 7 },
      chunk({ reasoning: null }),
    ])
      expect(inOpenAiSpelling(other)).toBeUndefined();
  });
});

describe('a chunk in another', () => {
  it('says thoughts, calls and ends as clients read them, and keeps the rest', () => {
    expect(inOpenAiSpelling(chunk({ reasoning: 'hm' }))).toEqual(
      chunk({ reasoning: 'hm', reasoning_content: 'hm' }),
    );
    expect(inOpenAiSpelling(chunk({ tool_calls: [{ id: 'a' }, { id: 'b' }] }))).toEqual(
      chunk({
        tool_calls: [
          { index: 0, id: 'a' },
          { index: 1, id: 'b' },
        ],
      }),
    );
    expect(inOpenAiSpelling(chunk({ content: 'a' }, 'eos_token'))).toEqual(chunk({ content: 'a' }, 'stop'));
  });
});
