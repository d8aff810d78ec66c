import { expect, it } from 'vitest';
import { createCryptoConversationHasher } from '#adapters/system/crypto-conversation-hasher.ts';

const hasher = createCryptoConversationHasher();

it('makes the same chain of the same texts, and another of others', () => {
  const chain = (...texts: string[]) =>
    texts.reduce((link, text) => hasher.extend(link, text), hasher.begin('scope'));
  expect(chain('a', 'b')).toBe(chain('a', 'b'));
  const different = [chain(), chain('a'), chain('b'), chain('a', 'b'), chain('ab'), chain('b', 'a')];
  expect(new Set([...different, hasher.begin('other')]).size).toBe(different.length + 1);
});

it('makes no hash that another process makes, and shows no text', () => {
  const other = createCryptoConversationHasher();
  expect(other.begin('scope')).not.toBe(hasher.begin('scope'));
  expect(other.extend(other.begin('scope'), 'a')).not.toBe(hasher.extend(hasher.begin('scope'), 'a'));
  expect(hasher.begin('a secret')).toMatch(/^[\w-]{43}$/);
});
