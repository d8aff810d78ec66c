/** Headers as the web's `Headers` has them, values of one name joined, without what loading that one costs a cold start. */
export class RequestHeaders {
  readonly #values = new Map<string, string>();

  /** @param name in lower case; both must be fit by `isHeader` */
  append(name: string, value: string): void {
    const known = this.#values.get(name);
    this.#values.set(name, known === undefined ? value : `${known}, ${value}`);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  [Symbol.iterator](): Iterator<readonly [string, string]> {
    return this.#values.entries();
  }
}

/** RFC 9110, 5.1 and 5.5. */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that no value may have
const refusedInValue = /[\u0000\r\n\u0100-\uffff]/;

/** Whether HTTP allows a header. @param name in lower case */
export function isHeader(name: string, value: string): boolean {
  return namePattern.test(name) && !refusedInValue.test(value);
}
