import fc from 'fast-check';
import { expect, it } from 'vitest';
import { embeddingNeeds, embeddingTokensCeiling } from '#core/embedding/embedding-needs.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

it('asks for room for the longest text, unless texts may be cut', () => {
  const texts = ['short', 'word '.repeat(800)];
  expect(embeddingNeeds(anEmbeddingRequest({ texts })).inputTokensMin).toBe(500);
  expect(embeddingNeeds(anEmbeddingRequest({ texts, truncate: 'end' }))).toMatchObject({
    inputTokensMin: 0,
    truncates: true,
  });
  expect(embeddingNeeds(anEmbeddingRequest({ texts, truncate: 'none' })).truncates).toBe(false);
});

it('keeps its floor under its ceiling, and the ceiling over one token a byte', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
      const request = anEmbeddingRequest({ texts });
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      expect(embeddingTokensCeiling(request)).toBeGreaterThanOrEqual(bytes);
      expect(embeddingNeeds(request).inputTokensMin).toBeLessThanOrEqual(bytes);
    }),
  );
});
