/**
 * A 32-bit hash of a string, equal on every machine and in every version: published offsets, shares and tie-breaks
 * depend on it, so its values are pinned by a test. Not for secrets and not for input that an attacker chooses.
 *
 * FNV-1a over UTF-16 code units (two bytes each), then a finishing mix so that near strings end far apart.
 */
export function stableHash(text: string): number {
  return finished(absorbed(EMPTY, text));
}

/** The hashes of `<text> 0`, `<text> 1`, … at little more than the price of one. */
export function stableHashes(text: string, count: number): readonly number[] {
  const begun = absorbed(EMPTY, text);
  const hashes: number[] = [];
  for (let index = 0; index < count; index += 1) hashes.push(finished(absorbed(begun, ` ${index}`)));
  return hashes;
}

/** FNV's offset basis, its prime, and what two steps multiply by where the second adds no bits of its own. */
const EMPTY = 0x811c9dc5;
const PRIME = 0x01000193;
const PRIME_SQUARED = Math.imul(PRIME, PRIME);

function absorbed(before: number, text: string): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // The upper byte of nearly all text is 0.
    if (unit < 0x100) hash = Math.imul(hash ^ unit, PRIME_SQUARED);
    else hash = Math.imul(Math.imul(hash ^ (unit & 0xff), PRIME) ^ (unit >>> 8), PRIME);
  }
  return hash;
}

function finished(absorbedHash: number): number {
  let hash = Math.imul(absorbedHash ^ (absorbedHash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Rendezvous weight of one option for one key: the option with the highest weight wins. Adding or removing an option
 * moves only the keys that it wins or had won.
 */
export function rendezvousWeight(key: string, option: string): number {
  return finished(absorbed(begunWith(key), option));
}

/** The weights of many options for one key, which is read once. */
export function rendezvousWeights(key: string): (option: string) => number {
  const begun = begunWith(key);
  return (option) => finished(absorbed(begun, option));
}

/** As if key and option were joined, without the joining. */
function begunWith(key: string): number {
  return absorbed(absorbed(EMPTY, key), '\u0000');
}
