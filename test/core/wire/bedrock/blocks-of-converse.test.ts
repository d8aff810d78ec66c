import { describe, expect, it } from 'vitest';
import { cachePointOf, contentBlockOf, systemBlockOf } from '#core/wire/bedrock/blocks-of-converse.ts';

describe('content blocks', () => {
  it.each([
    [{ text: '' }, { text: '' }],
    [
      { image: { format: 'png', source: { bytes: 'AAAA' } } },
      { image: { format: 'png', bytesBase64: 'AAAA' } },
    ],
    [
      { document: { name: 'n', source: { text: 't' } } },
      { document: { format: 'txt', name: 'n', source: { text: 't' } } },
    ],
    [
      { document: { format: 'md', name: 'n', source: { content: [{ text: 'a' }, { text: 'b' }] } } },
      { document: { format: 'md', name: 'n', source: { texts: ['a', 'b'] } } },
    ],
    [
      { document: { format: 'pdf', name: 'n', source: { bytes: 'AAAA' }, citations: { enabled: true } } },
      { document: { format: 'pdf', name: 'n', source: { bytesBase64: 'AAAA' }, citations: true } },
    ],
    [
      { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
      { reasoning: { text: 'hm', signature: 's' } },
    ],
    [{ reasoningContent: { redactedContent: 'AAAA' } }, { reasoning: { redactedBase64: 'AAAA' } }],
    [{ cachePoint: { type: 'default', ttl: '5m' } }, { cachePoint: { ttl: '5m' } }],
    [
      { toolUse: { toolUseId: 'a', name: 'b', input: { c: 1 } } },
      { toolUse: { toolUseId: 'a', name: 'b', input: { c: 1 } } },
    ],
    [
      { toolResult: { toolUseId: 'a', content: [{ json: null }, { text: 't' }], status: 'error' } },
      { toolResult: { toolUseId: 'a', content: [{ json: null }, { text: 't' }], status: 'error' } },
    ],
  ] as const)('%j', (wire, canonical) => {
    expect(contentBlockOf(wire)).toEqual(canonical);
  });

  it("keeps Bedrock's own as they are and says what the model must take", () => {
    const video = { format: 'mp4', source: { bytes: 'AAAA' } };
    expect(contentBlockOf({ video })).toEqual({ bedrock: { member: { video }, modality: 'VIDEO' } });
    const searchResult = { source: 's', title: 't', content: [{ text: 'x' }] };
    expect(contentBlockOf({ searchResult })).toEqual({ bedrock: { member: { searchResult } } });
    const guarded = { text: { text: 'x' } };
    expect(contentBlockOf({ guardContent: guarded })).toEqual({
      bedrock: { member: { guardContent: guarded } },
    });
    const shown = { image: { format: 'png', source: { bytes: 'AAAA' } } };
    expect(contentBlockOf({ guardContent: shown })).toEqual({
      bedrock: { member: { guardContent: shown }, modality: 'IMAGE' },
    });
    const citationsContent = { content: [{ text: 'x' }], citations: [] };
    expect(contentBlockOf({ citationsContent })).toEqual({ bedrock: { member: { citationsContent } } });
  });
});

it('reads the blocks of system', () => {
  expect(systemBlockOf({ text: 's' })).toEqual({ text: 's' });
  expect(systemBlockOf({ cachePoint: { type: 'default' } })).toEqual({ cachePoint: {} });
  expect(systemBlockOf({ guardContent: { text: { text: 'g' } } })).toHaveProperty('bedrock.member');
  expect(cachePointOf({ type: 'default', ttl: '1h' })).toEqual({ ttl: '1h' });
});
