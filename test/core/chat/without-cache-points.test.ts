import { expect, it } from 'vitest';
import { chatFeatures } from '#core/chat/chat-features.ts';
import { withoutCachePoints } from '#core/chat/without-cache-points.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const specification = { name: 'look', inputSchema: { type: 'object' } };
const cachePoint = { ttl: '1h' } as const;
const plain = aChatRequest({
  system: [{ text: 'Be short.' }],
  messages: [{ role: 'user', content: [{ text: 'Hello' }, { text: 'there' }] }],
  tools: { specifications: [specification], choice: { kind: 'auto' } },
});

it('takes every cache point out of a chat, and nothing else', () => {
  const cached = {
    ...plain,
    system: [...plain.system, { cachePoint }],
    messages: [{ role: 'user' as const, content: [{ text: 'Hello' }, { cachePoint }, { text: 'there' }] }],
    tools: { specifications: [{ ...specification, cachePoint }], choice: { kind: 'auto' as const } },
  };
  expect(chatFeatures(cached)).toContain('prompt-caching');
  expect(withoutCachePoints(cached)).toEqual(plain);
  expect(withoutCachePoints(plain)).toEqual(plain);
});
