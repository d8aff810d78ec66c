/** Words that stand nowhere else, planted where callers and models put theirs, and looked for where none may come. */
import { gunzipSync } from 'node:zlib';

/** What a signal, a table or a file held. */
export interface Sink {
  readonly name: string;
  readonly bytes: Buffer | string;
}

interface Leak {
  /** Where the word was planted. */
  readonly planted: string;
  readonly sink: string;
  readonly form: string;
}

export interface Planting {
  /** A word of its own for each place: letters and digits alone, so that no escaping changes it. */
  word(planted: string): string;
  /** Every word that is found, in any form. */
  leaksIn(sinks: readonly Sink[]): readonly Leak[];
}

/** At the end of every word: where it is in no form, none of them is. */
const MARK = 'Xj7KwVq9Zp';

export function createPlanting(): Planting {
  const words = new Map<string, string>();
  return {
    word(planted) {
      const known = words.get(planted);
      if (known !== undefined) return known;
      const start = planted.replace(/[^a-z]/gi, '').slice(0, 12);
      const word = `Zq${start}${String(words.size).padStart(4, '0')}${MARK}`;
      words.set(planted, word);
      return word;
    },
    leaksIn: (sinks) =>
      sinks.flatMap(({ name, bytes }) => {
        const text = textOf(bytes);
        const folded = text.toLowerCase();
        const formsIn = (word: string) =>
          formsOf(word).filter(({ text: form, folds }) => (folds ? folded : text).includes(form));
        if (formsIn(MARK).length === 0) return [];
        return [...words].flatMap(([planted, word]) =>
          formsIn(word).map(({ form }) => ({ planted, sink: name, form })),
        );
      }),
  };
}

/** As it stands, with what was packed unpacked beside it. */
function textOf(bytes: Buffer | string): string {
  if (typeof bytes === 'string') return bytes;
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes).toString('latin1') : bytes.toString('latin1');
}

interface Form {
  readonly form: string;
  readonly text: string;
  /** Whether upper and lower case are the same. */
  readonly folds: boolean;
}

/** Plain in any case, which URLs and JSON leave as it is; in hex; in base64 wherever in a longer text it began. */
function formsOf(word: string): readonly Form[] {
  const plain = Buffer.from(word);
  const percent = [...plain].map((byte) => `%${byte.toString(16)}`).join('');
  const escaped = [...plain].map((byte) => `\\u00${byte.toString(16)}`).join('');
  return [
    { form: 'plain', text: word.toLowerCase(), folds: true },
    { form: 'hex', text: plain.toString('hex'), folds: true },
    { form: 'percent', text: percent, folds: true },
    { form: 'escaped', text: escaped, folds: true },
    { form: 'utf-16', text: [...word].join('\0'), folds: false },
    ...[0, 1, 2].flatMap((offset) => base64Forms(plain, offset)),
  ];
}

/** Without the characters that its neighbours have a part in. */
function base64Forms(plain: Buffer, offset: number): readonly Form[] {
  const shifted = Buffer.concat([Buffer.alloc(offset), plain]);
  const whole = shifted.subarray(0, shifted.length - (shifted.length % 3));
  const text = whole.toString('base64').slice(offset === 0 ? 0 : 4);
  const forUrls = text.replaceAll('+', '-').replaceAll('/', '_');
  return [...new Set([text, forUrls])].map((each) => ({ form: 'base64', text: each, folds: false }));
}
