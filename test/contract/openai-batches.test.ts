import { describe, expect, it } from 'vitest';
import {
  batchListSchema,
  batchRequestSchema,
  fileFieldsSchema,
  fileListSchema,
} from '#contract/openai-batches.ts';

const good = { input_file_id: 'file-1', endpoint: '/v1/chat/completions', completion_window: '24h' };

describe('the request for a batch', () => {
  it('is OpenAI’s, with what newer clients add left aside', () => {
    expect(batchRequestSchema.parse({ ...good, metadata: null, later: 1 })).toEqual({
      ...good,
      metadata: null,
    });
  });

  it.each([
    [{ endpoint: '/v1/completions' }],
    [{ completion_window: '1h' }],
    [{ input_file_id: '' }],
    [{ metadata: { key: 3 } }],
    [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) }],
    [{ metadata: { k: 'v'.repeat(513) } }],
  ])('with %j is refused', (change) => {
    expect(batchRequestSchema.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

it('reads lists and fields from texts, with OpenAI’s defaults', () => {
  expect(batchListSchema.parse({})).toEqual({ limit: 20 });
  expect(fileListSchema.parse({ limit: '7', order: 'asc' })).toEqual({ limit: 7, order: 'asc' });
  expect(batchListSchema.safeParse({ limit: '101' }).success).toBe(false);
  expect(fileFieldsSchema.parse({ purpose: 'batch', 'expires_after[seconds]': '3600' })).toMatchObject({
    'expires_after[seconds]': 3600,
  });
  expect(fileFieldsSchema.safeParse({ purpose: 'vision' }).success).toBe(false);
});
