/** Keyed hashes by the platform's own implementation. Peppers stay inside. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyHasher } from '#usecases/ports/key-hasher.ts';

const PEPPER_ID_DIGITS = 12;
/** No key: the prefix of every API key is another. */
const PEPPER_ID_TEXT = 'the id of this pepper';
const HASH_BYTES = 32;

/**
 * @param pepper a secret of high entropy, of which the UTF-8 bytes count
 * @param previous the one before it, while keys made with it still have to work; it makes no new hash
 */
export function createHmacKeyHasher(pepper: string, previous?: string): KeyHasher {
  const present = digester(pepper);
  const before = previous === undefined ? undefined : digester(previous);
  const presentId = idOf(present);
  const beforeId = before === undefined ? undefined : idOf(before);
  return {
    pepperId: presentId,
    knows: (pepperId) => pepperId === presentId || pepperId === beforeId,
    hash: (text) => present(text).toString('hex'),
    matches(apiKey, { hash, pepperId }) {
      const known = Buffer.from(hash, 'hex');
      const given = (before !== undefined && pepperId === beforeId ? before : present)(apiKey);
      // Lengths are public. `timingSafeEqual` compares bytes of equal length only.
      return known.length === HASH_BYTES && timingSafeEqual(known, given);
    },
  };
}

type Digester = (text: string) => Buffer;

function digester(pepper: string): Digester {
  const secret = createSecretKey(Buffer.from(pepper, 'utf8'));
  return (text) => createHmac('sha256', secret).update(text, 'utf8').digest();
}

const idOf = (digest: Digester): string => digest(PEPPER_ID_TEXT).toString('hex').slice(0, PEPPER_ID_DIGITS);
