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

/** FNV's offset basis. */
const EMPTY = 0x811c9dc5;

function absorbed(before: number, text: string): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
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
  // As if the two were joined, without the joining.
  return finished(absorbed(absorbed(absorbed(EMPTY, key), '\u0000'), option));
}
