/** The first argument of SEARCH: a schema in braces and terms that a metric must meet. */
import type { MetricIdentity } from './metric-store.ts';

export type MetricTest = (metric: MetricIdentity) => boolean;

/** AWS takes so many characters. */
const QUERY_LENGTH_MAX = 1_024;

/**
 * Reads `{Namespace,Dimension,…} MetricName="…" Dimension=("a" OR "b") NOT …`: every term says what it is about and gives whole
 * values in double quotes. Terms without both, which AWS matches by parts of words, are not offered.
 *
 * @throws Error that says what cannot be read
 */
export function parseSearchQuery(text: string): MetricTest {
  if (text.length > QUERY_LENGTH_MAX)
    throw new Error(`a search query has at most ${QUERY_LENGTH_MAX} characters, got ${text.length}`);
  const words = new Words(text);
  const schema = words.takeSchema();
  const terms = words.isAtEnd ? () => true : parseEither(words);
  if (!words.isAtEnd) throw new Error(`cannot read '${words.rest}' of the search query`);
  return (metric) => (schema === undefined || fitsSchema(metric, schema)) && terms(metric);
}

/** A schema names all dimensions of a metric, in any order. */
function fitsSchema(
  { namespace, dimensions }: MetricIdentity,
  [wanted, ...names]: readonly string[],
): boolean {
  return (
    namespace === wanted &&
    dimensions.length === names.length &&
    dimensions.every(({ name }) => names.includes(name))
  );
}

function parseEither(words: Words): MetricTest {
  let test = parseBoth(words);
  while (words.takeWord('OR')) {
    const [left, right] = [test, parseBoth(words)];
    test = (metric) => left(metric) || right(metric);
  }
  return test;
}

/** Terms beside each other are joined by AND. */
function parseBoth(words: Words): MetricTest {
  let test = parseTerm(words);
  while (words.takeWord('AND') || words.startsTerm) {
    const [left, right] = [test, parseTerm(words)];
    test = (metric) => left(metric) && right(metric);
  }
  return test;
}

function parseTerm(words: Words): MetricTest {
  if (words.takeWord('NOT')) {
    const test = parseTerm(words);
    return (metric) => !test(metric);
  }
  if (words.take('(')) {
    const test = parseEither(words);
    words.expect(')');
    return test;
  }
  const subject = words.takeName();
  words.expect('=');
  const values = words.take('(') ? parseValues(words) : [words.takeQuoted()];
  return (metric) => values.includes(valueIn(metric, subject) ?? '');
}

function parseValues(words: Words): readonly string[] {
  const values = [words.takeQuoted()];
  while (words.takeWord('OR')) values.push(words.takeQuoted());
  words.expect(')');
  return values;
}

function valueIn({ namespace, name, dimensions }: MetricIdentity, subject: string): string | undefined {
  if (subject === 'MetricName') return name;
  if (subject === 'Namespace') return namespace;
  return dimensions.find((dimension) => dimension.name === subject)?.value;
}

/** What of a query has not been read yet. */
class Words {
  rest: string;

  constructor(text: string) {
    this.rest = text.trim();
  }

  get isAtEnd(): boolean {
    return this.rest === '';
  }

  get startsTerm(): boolean {
    return !this.isAtEnd && !/^(?:\)|OR\b)/.test(this.rest);
  }

  take(sign: string): boolean {
    if (!this.rest.startsWith(sign)) return false;
    this.rest = this.rest.slice(sign.length).trimStart();
    return true;
  }

  expect(sign: string): void {
    if (!this.take(sign)) throw new Error(`want ${sign} before '${this.rest}' in the search query`);
  }

  takeWord(word: string): boolean {
    return new RegExp(`^${word}\\b`).test(this.rest) && this.take(word);
  }

  /** Namespace and names of dimensions. */
  takeSchema(): readonly string[] | undefined {
    const found = /^\{([^{}]*)\}\s*/.exec(this.rest);
    if (found === null) return undefined;
    this.rest = this.rest.slice(found[0].length);
    return (found[1] ?? '').split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  }

  takeName(): string {
    const found = /^(?:"([^"]+)"|([A-Za-z][\w.-]*))\s*(?==)/.exec(this.rest);
    if (found === null) {
      throw new Error(
        `'${this.rest}' names nothing that it searches in; the local AWS matches no parts of words`,
      );
    }
    this.rest = this.rest.slice(found[0].length);
    return found[1] ?? found[2] ?? '';
  }

  takeQuoted(): string {
    const found = /^"([^"]*)"\s*/.exec(this.rest);
    if (found === null) throw new Error(`want a value in double quotes before '${this.rest}'`);
    this.rest = this.rest.slice(found[0].length);
    return found[1] ?? '';
  }
}
