import {
  ABUGIDA,
  ACCENTED,
  ALPHABET,
  BREAK,
  CYRILLIC,
  characterClass,
  DIGIT,
  HAN,
  HANGUL,
  HIRAGANA,
  KATAKANA,
  LOWER,
  SPACE,
  UPPER,
} from './character-class.ts';
import { ENGLISH, FOREIGN, languageOfWord } from './function-words.ts';
import { indexOfKind as kind, type TextShape } from './text-shape.ts';

/** Longest words of the first, second, third and fourth kind. */
const SHORT = 3;
const MIDDLE = 6;
const LONG = 9;
const LONGER = 13;
const DIGITS_OF_GROUP = 3;
/**
 * Runs that texts have are priced as one piece. Longer ones become a token for so many units, about: of both encodings no
 * run that was tried became more than four times as many. Without this a prompt of a million signs would cost one token.
 */
const SIGNS_OF_RUN = 8;
const TOKENS_PER_SIGN = 0.7;
const EQUAL_SIGNS_OF_RUN = 64;
const TOKENS_PER_EQUAL_SIGN = 1 / 8;
/** Control characters and signs beyond ASCII, which are several bytes. */
const TOKENS_PER_RARE_SIGN = 1;
const FIRST_PRINTED = 0x20;
const LAST_ASCII = 0x7e;
const SPACES_OF_RUN = 32;
const TOKENS_PER_SPACE = 1 / 8;

/** Adds the pieces of a text to a shape. */
export function measureText(text: string, into: TextShape): void {
  const scan = new Scan(text);
  scan.run();
  scan.addTo(into);
}

/** Where a text is neither words of the one kind nor of the other, its single signs each are a piece. */
const singles = new Map<number, number>([
  [HAN, kind.han],
  [HIRAGANA, kind.hiragana],
  [KATAKANA, kind.katakana],
  [HANGUL, kind.hangul],
  [ALPHABET, kind['alphabet-letter']],
  [ABUGIDA, kind['abugida-letter']],
]);

const singleKinds = Uint8Array.from({ length: 16 }, (_, each) => singles.get(each) ?? kind['other-sign']);

class Scan {
  private readonly text: string;
  private readonly length: number;
  private at = 0;
  private readonly counts = new Float64Array(kind['other-sign'] + 1);
  private english = 0;
  private foreign = 0;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
  }

  run(): void {
    while (this.at < this.length) {
      const each = this.classAt(this.at);
      if (each <= ACCENTED) this.word();
      else if (each === DIGIT) this.digits();
      else if (each === SPACE || each === BREAK) this.space();
      else if (each === CYRILLIC) this.cyrillic();
      else if (each >= HAN) this.single(each);
      else this.signs();
    }
  }

  /** Whether a text is English shows in its smallest words; its words are priced by as much as it is. */
  addTo(into: TextShape): void {
    const { counts } = this;
    const heard = this.english + this.foreign;
    const share = heard === 0 ? 0 : this.foreign / heard;
    for (let index = 0; index < counts.length; index += 1) {
      const count = counts[index] ?? 0;
      const twin = foreignTwin[index] ?? 0;
      if (twin === 0) into[index] = (into[index] ?? 0) + count;
      else {
        into[index] = (into[index] ?? 0) + count * (1 - share);
        into[twin] = (into[twin] ?? 0) + count * share;
      }
    }
  }

  private classAt(at: number): number {
    return characterClass(this.text.charCodeAt(at));
  }

  private count(index: number, by = 1): void {
    this.counts[index] = (this.counts[index] ?? 0) + by;
  }

  /** One piece of a word: capitals, then small letters. `camelCase` is two. */
  private word(): void {
    const start = this.at;
    let { at } = this;
    let each = this.classAt(at);
    let accents = 0;
    while (at < this.length && each === UPPER) each = this.classAt(++at);
    const capitals = at - start;
    while (at < this.length && (each === LOWER || each === ACCENTED)) {
      if (each === ACCENTED) accents += 1;
      each = this.classAt(++at);
    }
    this.at = at;
    const length = at - start;
    if (capitals > 1) {
      this.count(kind.capitals);
      this.count(kind['capital-letter'], length);
    } else this.plainWord(start, length);
    if (accents > 0) {
      this.count(kind.accent, accents);
      this.foreign += 1;
    }
  }

  private plainWord(start: number, length: number): void {
    const isSpaced = start > 0 && this.classAt(start - 1) === SPACE;
    const glue = isSpaced ? 0 : kind['glued-short-word'] - kind['short-word'];
    if (length <= SHORT) {
      this.count(kind['short-word'] + glue);
      const language = languageOfWord(this.text, start, length);
      if (language === ENGLISH) this.english += 1;
      else if (language === FOREIGN) this.foreign += 1;
    } else if (length <= MIDDLE) this.count(kind['middle-word'] + glue);
    else if (length <= LONG) this.count(kind['long-word'] + glue);
    else {
      this.count(kind['longer-word'] + glue);
      if (length > LONGER) this.count(kind['letter-beyond'], length - LONGER);
    }
  }

  private digits(): void {
    const start = this.at;
    while (this.at < this.length && this.classAt(this.at) === DIGIT) this.at += 1;
    const digits = this.at - start;
    this.count(kind.digit, digits);
    this.count(kind['digit-group'], Math.ceil(digits / DIGITS_OF_GROUP));
  }

  /** A single space belongs to the word behind it. */
  private space(): void {
    const start = this.at;
    let breaks = 0;
    let each = this.classAt(start);
    while (this.at < this.length && (each === SPACE || each === BREAK)) {
      if (each === BREAK) breaks = this.at + 1;
      each = this.classAt(++this.at);
    }
    if (breaks > 0) this.count(kind['line-break']);
    if (this.at - Math.max(start, breaks) > 1) this.count(kind['space-run']);
    const beyond = this.at - start - SPACES_OF_RUN;
    if (beyond > 0) this.count(kind['run-token'], beyond * TOKENS_PER_SPACE);
  }

  private signs(): void {
    const start = this.at;
    const first = this.text.charCodeAt(start);
    this.at += 1;
    while (this.at < this.length && this.isSign()) this.at += 1;
    this.count(kind['sign-run']);
    const further = this.at - start - 1;
    if (further >= SIGNS_OF_RUN) this.longRun(start);
    // A line of one sign again and again is a token or two.
    this.count(
      kind['further-sign'],
      further > 3 && this.text.charCodeAt(this.at - 2) === first ? 1 : further,
    );
  }

  /** Signs of a run beyond those that texts have. */
  private longRun(start: number): void {
    let equal = 0;
    let other = 0;
    let rare = 0;
    for (let at = start + SIGNS_OF_RUN; at < this.at; at += 1) {
      const unit = this.text.charCodeAt(at);
      if (unit < FIRST_PRINTED || unit > LAST_ASCII) rare += 1;
      else if (unit === this.text.charCodeAt(at - 1)) equal += 1;
      else other += 1;
    }
    const many = Math.max(0, equal + SIGNS_OF_RUN - EQUAL_SIGNS_OF_RUN);
    const tokens = many * TOKENS_PER_EQUAL_SIGN + other * TOKENS_PER_SIGN + rare * TOKENS_PER_RARE_SIGN;
    this.count(kind['run-token'], tokens);
  }

  private isSign(): boolean {
    const each = this.classAt(this.at);
    return each > BREAK && each < HAN;
  }

  private cyrillic(): void {
    const start = this.at;
    while (this.at < this.length && this.classAt(this.at) === CYRILLIC) this.at += 1;
    this.count(kind['cyrillic-word']);
    this.count(kind['cyrillic-letter'], this.at - start);
  }

  private single(each: number): void {
    this.at += 1;
    this.count(singleKinds[each] ?? kind['other-sign']);
  }
}

/** Of each kind of words the one that foreign words are counted under; 0: the kind has none. */
const foreignTwin = Uint8Array.from({ length: kind['other-sign'] + 1 }, (_, index) => {
  if (index <= kind['letter-beyond']) return index + kind['foreign-short-word'];
  const glued = index - kind['glued-short-word'];
  return glued >= 0 && glued < 4 ? glued + kind['foreign-short-word'] : 0;
});
