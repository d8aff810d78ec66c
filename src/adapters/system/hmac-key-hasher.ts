/** Keyed hashes by the platform's own implementation. The pepper stays inside. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyHasher } from '#usecases/ports/key-hasher.ts';

const PEPPER_ID_DIGITS = 12;
/** No key: the prefix of every API key is another. */
const PEPPER_ID_TEXT = 'the id of this pepper';
const HASH_BYTES = 32;

/** @param pepper a secret of high entropy, of which the UTF-8 bytes count */
export function createHmacKeyHasher(pepper: string): KeyHasher {
  const secret = createSecretKey(Buffer.from(pepper, 'utf8'));
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text, 'utf8').digest();
  return {
    pepperId: digest(PEPPER_ID_TEXT).toString('hex').slice(0, PEPPER_ID_DIGITS),
    hash: (apiKey) => digest(apiKey).toString('hex'),
    matches(apiKey, hash) {
      const known = Buffer.from(hash, 'hex');
      const given = digest(apiKey);
      // Lengths are public. `timingSafeEqual` compares bytes of equal length only.
      return known.length === HASH_BYTES && timingSafeEqual(known, given);
    },
  };
}
