import { describe, expect, it } from 'vitest';
import type { AnthropicBlock } from '#core/wire/anthropic/anthropic-body.ts';
import { blocksOfAnthropic, marksOf } from '#core/wire/anthropic/blocks-of-anthropic.ts';

const mark = { cache_control: { type: 'ephemeral' } } as const;
const long = { cache_control: { type: 'ephemeral', ttl: '1h' } } as const;
const citation = {
  type: 'page_location',
  cited_text: 'a',
  document_index: 0,
  document_title: null,
  start_page_number: 1,
  end_page_number: 2,
} as const;

const rows: readonly (readonly [string, AnthropicBlock, unknown])[] = [
  ['a text', { type: 'text', text: 'a' }, { text: 'a' }],
  [
    'a text with its sources',
    { type: 'text', text: 'a', citations: [citation] },
    {
      bedrock: {
        member: {
          citationsContent: {
            content: [{ text: 'a' }],
            citations: [
              {
                sourceContent: [{ text: 'a' }],
                location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
              },
            ],
          },
        },
      },
    },
  ],
  [
    'an image',
    { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
    { image: { format: 'jpeg', bytesBase64: 'AAAA' } },
  ],
  [
    'a PDF',
    {
      type: 'document',
      source: { type: 'base64', data: 'AAAA' },
      title: 'A  title!',
      context: 'c',
      citations: { enabled: true },
    },
    {
      document: {
        format: 'pdf',
        name: 'A title-',
        source: { bytesBase64: 'AAAA' },
        context: 'c',
        citations: true,
      },
    },
  ],
  [
    'a document of text',
    {
      type: 'document',
      source: { type: 'text', data: 'words' },
      title: null,
      context: null,
      citations: { enabled: false },
    },
    { document: { format: 'txt', name: 'document', source: { text: 'words' } } },
  ],
  [
    'a document of passages',
    {
      type: 'document',
      source: {
        type: 'content',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    },
    { document: { format: 'txt', name: 'document', source: { texts: ['a', 'b'] } } },
  ],
  [
    'a document of one passage',
    { type: 'document', source: { type: 'content', content: 'a' } },
    { document: { format: 'txt', name: 'document', source: { texts: ['a'] } } },
  ],
  [
    'a signed thought',
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { reasoning: { text: 'hm', signature: 's' } },
  ],
  [
    'a thought that nobody signed',
    { type: 'thinking', thinking: 'hm', signature: '' },
    { reasoning: { text: 'hm' } },
  ],
  [
    'a hidden thought',
    { type: 'redacted_thinking', data: 'AAAA' },
    { reasoning: { redactedBase64: 'AAAA' } },
  ],
  [
    'a result',
    {
      type: 'tool_result',
      tool_use_id: 't',
      is_error: true,
      content: [
        { type: 'text', text: '' },
        { type: 'text', text: 'a' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        { type: 'document', source: { type: 'text', data: 'b' } },
      ],
    },
    {
      toolResult: {
        toolUseId: 't',
        status: 'error',
        content: [
          { text: 'a' },
          { image: { format: 'png', bytesBase64: 'AAAA' } },
          { document: { format: 'txt', name: 'document', source: { text: 'b' } } },
        ],
      },
    },
  ],
  [
    'a result of nothing',
    { type: 'tool_result', tool_use_id: 't' },
    { toolResult: { toolUseId: 't', content: [] } },
  ],
];

describe('blocksOfAnthropic', () => {
  it.each(rows)('translates %s', (_name, block, canonical) => {
    expect(blocksOfAnthropic(block)).toEqual([canonical]);
  });

  it('leaves an empty text out', () => {
    expect(blocksOfAnthropic({ type: 'text', text: '', ...mark })).toEqual([]);
  });

  it('puts one point behind a block for the marks at it and inside of it', () => {
    const inner = { type: 'text', text: 'a', ...long } as const;
    const block = { type: 'tool_result', tool_use_id: 't', content: [inner], ...mark } as const;
    expect(blocksOfAnthropic(block).slice(1)).toEqual([{ cachePoint: {} }]);
    expect(marksOf(block)).toEqual([long.cache_control, mark.cache_control]);
    const { cache_control: _, ...unmarked } = block;
    expect(blocksOfAnthropic(unmarked).slice(1)).toEqual([{ cachePoint: { ttl: '1h' } }]);
    const passages = { type: 'document', source: { type: 'content', content: [inner] } } as const;
    expect(marksOf(passages)).toEqual([long.cache_control]);
  });
});
