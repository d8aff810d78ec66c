import { describe, expect, it } from 'vitest';
import { embeddingModelFacts } from '#core/embedding/bedrock-embedding-models.ts';
import catalogue from '#data/catalogue.json' with { type: 'json' };

describe('the embedding models of the catalogue', () => {
  const ids = catalogue.models.filter(({ output }) => output?.includes('EMBEDDING')).map(({ id }) => id);

  it.each(ids.filter((id) => !id.startsWith('twelvelabs.')))('know what %s takes', (id) => {
    const facts = embeddingModelFacts(id);
    expect(facts?.textsMax).toBeGreaterThan(0);
    expect(Math.max(...(facts?.dimensions ?? [0]))).toBeGreaterThanOrEqual(1024);
  });

  it('know nothing of models whose body is not spoken, nor of chats', () => {
    expect(embeddingModelFacts('twelvelabs.marengo-embed-3-0-v1:0')).toBeUndefined();
    expect(embeddingModelFacts('amazon.nova-lite-v1:0')).toBeUndefined();
  });
});
