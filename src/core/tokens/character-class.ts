/** What a UTF-16 unit is to a tokenizer, as far as it matters how a text is cut. */
export const LOWER = 1;
export const UPPER = 2;
/** A letter of a Latin alphabet beyond ASCII: `ä`, `é`, `ş`. */
export const ACCENTED = 3;
export const DIGIT = 4;
export const SPACE = 5;
export const BREAK = 6;
const SIGN = 7;
export const HAN = 8;
export const HIRAGANA = 9;
export const KATAKANA = 10;
export const HANGUL = 11;
export const CYRILLIC = 12;
/** Greek, Armenian, Hebrew, Arabic and the like: words of single letters. */
export const ALPHABET = 13;
/** The scripts of India and South-East Asia. */
export const ABUGIDA = 14;
const OTHER = 15;

const ascii = Uint8Array.from({ length: 128 }, (_, unit) => asciiClass(unit));

function asciiClass(unit: number): number {
  const character = String.fromCharCode(unit);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[\n\r]/.test(character)) return BREAK;
  return /\s/.test(character) ? SPACE : SIGN;
}

/** First unit and class of each stretch, in order; a stretch goes to the next one. */
const STRETCHES: readonly (readonly [number, number])[] = [
  [0x80, SIGN],
  [0xc0, ACCENTED],
  [0xd7, SIGN],
  [0xd8, ACCENTED],
  [0xf7, SIGN],
  [0xf8, ACCENTED],
  [0x250, ALPHABET],
  [0x300, ACCENTED],
  [0x370, ALPHABET],
  [0x400, CYRILLIC],
  [0x530, ALPHABET],
  [0x900, ABUGIDA],
  [0x10a0, ALPHABET],
  [0x1100, HANGUL],
  [0x1200, ABUGIDA],
  [0x1e00, ACCENTED],
  [0x1f00, ALPHABET],
  [0x2000, SIGN],
  [0x2100, OTHER],
  [0x2e80, HAN],
  [0x3000, OTHER],
  [0x3005, HAN],
  [0x3008, OTHER],
  [0x3041, HIRAGANA],
  [0x30a0, KATAKANA],
  [0x3100, HAN],
  [0x3130, HANGUL],
  [0x3190, HAN],
  [0xa000, OTHER],
  [0xac00, HANGUL],
  [0xd7b0, OTHER],
  [0xf900, HAN],
  [0xfb00, ALPHABET],
  [0xfe00, OTHER],
];

const byStretch = new Uint8Array(0x10000 >> 4).fill(SIGN);
for (const [first, kind] of STRETCHES) byStretch.fill(kind, (first + 15) >> 4);

/** The class of a UTF-16 unit. Beyond ASCII it is that of the sixteen units it stands among, near enough for a count. */
export function characterClass(unit: number): number {
  return unit < 0x80 ? (ascii[unit] ?? SIGN) : (byStretch[unit >> 4] ?? OTHER);
}
