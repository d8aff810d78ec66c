/** A number from 0 to 2^32 − 1 that depends on the text and the seed alone (FNV-1a with a final mix). */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Twenty-two letters and digits that depend on the text alone. */
export function hashId(text: string): string {
  const parts = [1, 2, 3, 4].map((seed) => hashText(text, seed).toString(36).padStart(7, '0'));
  return parts.join('').slice(0, 22);
}
