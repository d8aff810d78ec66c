import { expect, it } from 'vitest';
import { tokenCountHeaders } from '#core/wire/bedrock/token-count-headers.ts';

it('tells what the target told, cached tokens apart, and nothing else', () => {
  expect(tokenCountHeaders(undefined)).toEqual({});
  expect(tokenCountHeaders({ inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3 })).toEqual({
    'x-amzn-bedrock-input-token-count': '1',
    'x-amzn-bedrock-output-token-count': '2',
    'x-amzn-bedrock-cache-read-input-token-count': '3',
  });
});
