import { describe, expect, it } from 'vitest';
import {
  assistantBlocks,
  cacheControl,
  refusedAnthropicBlocks,
  userBlocks,
} from '#contract/anthropic-blocks.ts';
import { bodyViolations } from '#contract/body-violations.ts';

const wrong = (blocks: typeof userBlocks | typeof assistantBlocks, ...content: unknown[]) => {
  const parsed = blocks.safeParse(content);
  return parsed.success ? [] : bodyViolations(parsed.error.issues, {});
};
const citation = {
  type: 'page_location',
  cited_text: 'a',
  document_index: 0,
  start_page_number: 1,
  end_page_number: 2,
};

describe('blocks', () => {
  it('are what each side may say', () => {
    const text = { type: 'text', text: 'a', citations: null, cache_control: null };
    const thought = { type: 'thinking', thinking: 'a', signature: '' };
    const call = { type: 'tool_use', id: 't', name: 'look', input: {}, caller: { type: 'direct' } };
    const result = { type: 'tool_result', tool_use_id: 't' };
    expect(wrong(userBlocks, text, result)).toEqual([]);
    expect(wrong(assistantBlocks, text, thought, { type: 'redacted_thinking', data: 'AAAA' }, call)).toEqual(
      [],
    );
    expect(wrong(userBlocks, thought, call).map(({ path }) => path)).toEqual(['[0].type', '[1].type']);
    expect(wrong(assistantBlocks, result)).toEqual([
      { path: '[0].type', message: 'must be one of text, thinking, redacted_thinking, tool_use' },
    ]);
  });

  it.each(Object.entries(refusedAnthropicBlocks).filter(([type]) => !['url', 'file'].includes(type)))(
    'refuse %s by name, with the reason',
    (type, reason) => {
      for (const blocks of [userBlocks, assistantBlocks]) {
        expect(wrong(blocks, { type })).toEqual([
          { path: '[0].type', message: `"${type}" is not supported: ${reason}` },
        ]);
      }
    },
  );

  it.each(['image', 'document'])('refuse an %s that only points to its bytes', (type) => {
    expect(wrong(userBlocks, { type, source: { type: 'url', url: 'https://example.org/a' } })).toEqual([
      { path: '[0].source.type', message: `"url" is not supported: ${refusedAnthropicBlocks.url}` },
    ]);
    expect(wrong(userBlocks, { type, source: { type: 'file', file_id: 'f' } })).toEqual([
      { path: '[0].source.type', message: `"file" is not supported: ${refusedAnthropicBlocks.file}` },
    ]);
  });

  it('want bytes in base64, of a kind that is read', () => {
    const source = { type: 'base64', media_type: 'image/bmp', data: 'no base64' };
    expect(wrong(userBlocks, { type: 'image', source }).map(({ path }) => path)).toEqual([
      '[0].source.media_type',
      '[0].source.data',
    ]);
  });

  it('cite in answers alone', () => {
    const cited = { type: 'text', text: 'a', citations: [citation] };
    expect(wrong(assistantBlocks, cited)).toEqual([]);
    expect(wrong(userBlocks, cited)).toEqual([
      { path: '[0].citations[0]', message: 'must be empty: only an answer cites' },
    ]);
    const web = { type: 'web_search_result_location', url: 'x' };
    expect(wrong(assistantBlocks, { ...cited, citations: [web] })).toMatchObject([
      { path: '[0].citations[0].type' },
    ]);
  });
});

it('marks for the cache are ephemeral, for 5 minutes or an hour', () => {
  expect(cacheControl.safeParse({ type: 'ephemeral', ttl: '1h' }).success).toBe(true);
  expect(cacheControl.safeParse({ type: 'ephemeral', ttl: '2h' }).success).toBe(false);
  expect(cacheControl.safeParse({ type: 'forever' }).success).toBe(false);
});
