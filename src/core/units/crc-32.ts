/**
 * CRC-32 as gzip, AWS's event streams and the checksums in vendors' tokens have it (reflected, polynomial 0xEDB88320).
 *
 * It tells any change within 32 bits in a row for certain, so any one wrong character and any two neighbours that
 * changed places. A cut-off hash would do so only nearly always.
 */
const POLYNOMIAL = 0xedb88320;

/** What a byte does to the value, and what it does with one to seven bytes behind it. */
const behind0 = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});
const oneMoreBehind = (value: number): number => (value >>> 8) ^ at(behind0, value);
const behind1 = behind0.map(oneMoreBehind);
const behind2 = behind1.map(oneMoreBehind);
const behind3 = behind2.map(oneMoreBehind);
const behind4 = behind3.map(oneMoreBehind);
const behind5 = behind4.map(oneMoreBehind);
const behind6 = behind5.map(oneMoreBehind);
const behind7 = behind6.map(oneMoreBehind);

/**
 * 0 to 2³²−1; of no bytes 0. Eight bytes at a time: short pieces of a packet are summed where they lie, for less than
 * it costs to hand them to anybody else.
 *
 * @param start first byte that counts. @default 0
 * @param end byte before which it ends. @default - all of them
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let value = -1;
  let offset = start;
  for (; offset + 8 <= end; offset += 8) {
    const four = value ^ littleEndian(bytes, offset);
    value =
      at(behind7, four) ^
      at(behind6, four >>> 8) ^
      at(behind5, four >>> 16) ^
      at(behind4, four >>> 24) ^
      at(behind3, bytes[offset + 4] as number) ^
      at(behind2, bytes[offset + 5] as number) ^
      at(behind1, bytes[offset + 6] as number) ^
      at(behind0, bytes[offset + 7] as number);
  }
  for (; offset < end; offset += 1) {
    value = (value >>> 8) ^ at(behind0, value ^ (bytes[offset] as number));
  }
  return ~value >>> 0;
}

function at(table: Int32Array, value: number): number {
  return table[value & 0xff] as number;
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
