import { describe, expect, it } from 'vitest';
import { measureWork } from '#core/tokens/measure-work.ts';
import { indexOfKind } from '#core/tokens/text-shape.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

const chat = (changes: Parameters<typeof aChatRequest>[0]) =>
  measureWork({ kind: 'chat', request: aChatRequest(changes), stream: false });

describe('what a model reads of a call', () => {
  it('is its texts, its images and documents, and a part for each turn', () => {
    const document = { format: 'pdf', name: 'one', source: { bytesBase64: 'A'.repeat(4_000) } } as const;
    const image = { format: 'png', bytesBase64: '' } as const;
    const shape = chat({
      system: [{ text: '12 34' }],
      messages: [{ role: 'user', content: [{ text: '56 78' }, { image }, { document }] }],
    });
    expect(shape.text[indexOfKind.digit]).toBe(8);
    expect(shape.images).toEqual([undefined]);
    expect(shape.documentBytes).toBe(3_000);
    expect(shape.parts).toBe(2);
  });

  it('is the texts of which vectors are made', () => {
    const shape = measureWork({ kind: 'embedding', request: anEmbeddingRequest({ texts: ['1', '23'] }) });
    expect(shape.text[indexOfKind.digit]).toBe(3);
    expect(shape.parts).toBe(2);
  });
});
