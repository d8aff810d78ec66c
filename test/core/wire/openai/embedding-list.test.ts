import fc from 'fast-check';
import { expect, it } from 'vitest';
import { embeddingList } from '#core/wire/openai/embedding-list.ts';

it('writes vectors in their order, with the tokens that the target counted', () => {
  const list = embeddingList(
    'embed',
    {
      embeddings: [
        [1, 0.5],
        [-2, 3],
      ],
      inputTokens: 7,
    },
    'float',
  );
  expect(list).toEqual({
    object: 'list',
    data: [
      { object: 'embedding', index: 0, embedding: [1, 0.5] },
      { object: 'embedding', index: 1, embedding: [-2, 3] },
    ],
    model: 'embed',
    usage: { prompt_tokens: 7, total_tokens: 7 },
  });
});

it('invents no usage that the target did not tell', () => {
  expect(embeddingList('embed', { embeddings: [[1]], inputTokens: undefined }, 'float')).not.toHaveProperty(
    'usage',
  );
});

it('writes base64 as 32-bit floats, lowest byte first', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1 }), (vector) => {
      const [first] = embeddingList('embed', { embeddings: [vector], inputTokens: 1 }, 'base64').data;
      const bytes = Buffer.from(String(first?.embedding), 'base64');
      expect(vector.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(vector);
    }),
  );
});
