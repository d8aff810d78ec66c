/** Characters per call of `btoa`: far below what a function call takes as arguments. */
const CHUNK_BYTES = 0x6000;

/** Bytes as base64 with padding. */
export function base64OfBytes(bytes: Uint8Array): string {
  let text = '';
  // A multiple of three bytes makes whole groups, so that pieces can be joined.
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES)));
  }
  return text;
}
