/**
 * CRC-32 as gzip, AWS's event streams and the checksums in vendors' tokens have it (reflected, polynomial 0xEDB88320).
 *
 * It tells any change within 32 bits in a row for certain, so any one wrong character and any two neighbours that
 * changed places. A cut-off hash would do so only nearly always.
 */
const POLYNOMIAL = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** 0 to 2³²−1; of no bytes 0. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] as number);
  return (value ^ 0xffffffff) >>> 0;
}
