/** CRC-32 of IEEE 802.3, reflected: the polynomial of zip, PNG and the checksums in other vendors' tokens. */
const POLYNOMIAL = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder >>> 0;
});

/**
 * The CRC-32 of an ASCII text, 0 to 2³² − 1.
 *
 * It tells any change within 32 bits in a row for certain, so any one wrong character and any two neighbours that
 * changed places. A cut-off hash would do so only nearly always.
 */
export function crc32OfAscii(text: string): number {
  let remainder = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text.charCodeAt(index) & 0xff;
    remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
