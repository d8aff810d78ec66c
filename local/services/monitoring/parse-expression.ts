/** Metric math as text, read into a tree. */

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** The id of another query, or a word that a function knows, such as REPEAT. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  | {
      readonly kind: 'operation';
      readonly sign: Sign;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Sign = '+' | '-' | '*' | '/' | '^';

const precedence: Readonly<Record<Sign, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 3 };

/** @throws Error that says what cannot be read */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text);
  const expression = readOperation(reader, 1);
  if (reader.token !== undefined)
    throw new Error(`cannot read '${reader.token}' in the expression '${text}'`);
  return expression;
}

/** What binds more tightly is read first; equal signs from left to right. */
function readOperation(reader: Reader, level: number): Expression {
  if (level > precedence['^']) return readValue(reader);
  let left = readOperation(reader, level + 1);
  for (
    let sign = signOf(reader.token);
    sign !== undefined && precedence[sign] === level;
    sign = signOf(reader.token)
  ) {
    reader.advance();
    left = { kind: 'operation', sign, left, right: readOperation(reader, level + 1) };
  }
  return left;
}

const signOf = (token: string | undefined): Sign | undefined =>
  token !== undefined && token in precedence ? (token as Sign) : undefined;

function readValue(reader: Reader): Expression {
  const token = reader.advance();
  if (token === undefined) throw new Error('the expression ends where a value should stand');
  if (token === '-')
    return { kind: 'operation', sign: '*', left: { kind: 'number', value: -1 }, right: readValue(reader) };
  if (token === '(') {
    const inner = readOperation(reader, 1);
    reader.expect(')');
    return inner;
  }
  if (token === '[') return { kind: 'array', items: readList(reader, ']') };
  if (/^['"]/.test(token)) return { kind: 'text', value: token.slice(1, -1) };
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
  if (!/^[A-Za-z_]/.test(token)) throw new Error(`want a value, got '${token}'`);
  if (reader.token !== '(') return { kind: 'name', name: token };
  reader.advance();
  return { kind: 'call', name: token, given: readList(reader, ')') };
}

function readList(reader: Reader, end: string): readonly Expression[] {
  const items: Expression[] = [];
  while (reader.token !== end) {
    if (items.length > 0) reader.expect(',');
    items.push(readOperation(reader, 1));
  }
  reader.advance();
  return items;
}

const tokenForm = /\s*('[^']*'|"[^"]*"|\d+(?:\.\d+)?|\.\d+|[A-Za-z_]\w*|[-+*/^()[\],])/y;

class Reader {
  readonly #text: string;
  #at = 0;
  token: string | undefined;

  constructor(text: string) {
    this.#text = text.trim();
    this.advance();
  }

  /** The token that stood here; the next one takes its place. */
  advance(): string | undefined {
    const taken = this.token;
    if (this.#at >= this.#text.length) {
      this.token = undefined;
      return taken;
    }
    tokenForm.lastIndex = this.#at;
    const found = tokenForm.exec(this.#text);
    if (found === null) throw new Error(`cannot read '${this.#text.slice(this.#at)}'`);
    this.#at = tokenForm.lastIndex;
    this.token = found[1];
    return taken;
  }

  expect(token: string): void {
    const found = this.advance();
    if (found !== token) throw new Error(`want ${token}, got ${found ?? 'the end of the expression'}`);
  }
}
