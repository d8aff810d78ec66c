/** Chains of hashes by the platform's own implementation. The key is drawn here and stays inside. */
import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import type { ConversationHasher } from '#usecases/ports/conversation-hasher.ts';

const KEY_BYTES = 32;

/** Under a key of its own: two of them never make the same hash. */
export function createCryptoConversationHasher(): ConversationHasher {
  const key = createSecretKey(randomBytes(KEY_BYTES));
  return {
    begin: (text) => createHmac('sha256', key).update(text, 'utf8').digest('base64url'),
    // Links have one length, so that no text can pass for a part of the link before it; the first one is a secret.
    extend: (link, text) => hash('sha256', link + text, 'base64url'),
  };
}
