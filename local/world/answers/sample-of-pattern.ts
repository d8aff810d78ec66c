/**
 * A text that a simple regular expression matches, or undefined: literals, classes, groups, alternatives and
 * counted repetition. Look-around and back references are beyond it, and the result is always checked.
 */
export function sampleOfPattern(pattern: string): string | undefined {
  try {
    const sample = new Reader(pattern).alternatives();
    return new RegExp(pattern, 'u').test(sample) ? sample : undefined;
  } catch {
    return undefined;
  }
}

const ESCAPES = new Map(Object.entries({ d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a', t: '\t', n: '\n' }));
/** More than this is no sample that anybody wants to read. */
const REPETITIONS_MAX = 10_000;
const REPETITION = /^(?:[?*]|\+|\{(\d+)(?:,\d*)?\})\??/;

class Reader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** The first alternative; the others are read past. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#pattern.length && !this.#sees('|') && !this.#sees(')')) {
      if (this.#take('^') || this.#take('$')) continue;
      const atom = this.#atom();
      text += atom.repeat(this.#repetition());
      if (text.length > REPETITIONS_MAX) throw new Error('The sample would be too long.');
    }
    return text;
  }

  #atom(): string {
    if (this.#take('(')) {
      if (!this.#take('?:')) this.#named();
      const inner = this.alternatives();
      this.#take(')');
      return inner;
    }
    if (this.#take('[')) return this.#characterClass();
    if (this.#take('\\')) return this.#escaped();
    const character = this.#next();
    return character === '.' ? 'a' : character;
  }

  #escaped(): string {
    const character = this.#next();
    return ESCAPES.get(character) ?? character;
  }

  #named(): void {
    const name = /^\?<\w+>/.exec(this.#pattern.slice(this.#at));
    this.#at += name?.[0].length ?? 0;
  }

  /** The first member of a class; of a negated one, the first usual character that is not a member. */
  #characterClass(): string {
    const start = this.#at - 1;
    const negated = this.#take('^');
    const first = this.#take('\\') ? this.#escaped() : this.#next();
    while (!this.#take(']')) this.#next();
    if (!negated) return first;
    const whole = new RegExp(`^${this.#pattern.slice(start, this.#at)}$`, 'u');
    return [...'aA1-_ .'].find((character) => whole.test(character)) ?? '';
  }

  #repetition(): number {
    const found = REPETITION.exec(this.#pattern.slice(this.#at));
    if (!found) return 1;
    this.#at += found[0].length;
    if (found[1] !== undefined) return Math.min(Number(found[1]), REPETITIONS_MAX + 1);
    return found[0].startsWith('+') ? 1 : 0;
  }

  #sees(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const character = this.#pattern[this.#at];
    if (character === undefined) throw new Error('The pattern ends too early.');
    this.#at += 1;
    return character;
  }
}
