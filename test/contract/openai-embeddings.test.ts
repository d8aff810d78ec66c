import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAiEmbeddingsSchema } from '#contract/openai-embeddings.ts';

const parse = (changes: object) =>
  openAiEmbeddingsSchema.safeParse({ model: 'embed', input: 'a', ...changes });

describe('the body of OpenAI’s embeddings', () => {
  it('takes one text, many, and 2048 of them', () => {
    const many = Array.from({ length: 2048 }, () => 'a');
    for (const input of ['a', ['a', 'b'], many]) expect(parse({ input }).success).toBe(true);
    expect(parse({ input: [...many, 'a'] }).success).toBe(false);
  });

  it('takes null where clients send it for nothing', () => {
    expect(parse({ encoding_format: null, dimensions: null }).success).toBe(true);
  });

  it('says one thing of tokens, however many there are', () => {
    const tokens = fc.array(fc.nat(), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.oneof(tokens, fc.array(tokens, { minLength: 1, maxLength: 5 })), (input) => {
        const issues = parse({ input }).error?.issues ?? [];
        expect(issues.map(({ message }) => message)).toEqual([expect.stringMatching(/^must be text: token/)]);
      }),
    );
  });
});
