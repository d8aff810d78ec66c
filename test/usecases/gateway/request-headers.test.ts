import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHeader, RequestHeaders } from '#usecases/gateway/request-headers.ts';

const tokenCharacters = [..."!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"];
const name = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 12 });
/** Without the blanks around it that the web takes off and HTTP's own parsers have taken off before. */
const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,20}[\x21-\x7e])?$/);

function webHeaders(rows: readonly (readonly [string, string])[]): Headers {
  const headers = new Headers();
  for (const [key, text] of rows) headers.append(key, text);
  return headers;
}

function isTaken(key: string, text: string): boolean {
  try {
    webHeaders([[key, text]]);
    return true;
  } catch {
    return false;
  }
}

describe('RequestHeaders', () => {
  it('says what the web’s Headers say, whatever is asked of them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), name, (rows, other) => {
        const headers = new RequestHeaders();
        for (const [key, text] of rows) headers.append(key, text);
        const web = webHeaders(rows);
        const asked = [...rows.map(([key]) => key), other].flatMap((key) => [key, key.toUpperCase()]);
        for (const key of asked) {
          expect(headers.get(key)).toBe(web.get(key));
          expect(headers.has(key)).toBe(web.has(key));
        }
        expect([...headers].map(([key]) => key).sort()).toEqual([...new Set(web.keys())].sort());
      }),
    );
  });
});

describe('isHeader', () => {
  it('takes what the web’s Headers take, and nothing else', () => {
    const anyName = fc.oneof(
      name,
      fc.string({ maxLength: 6 }).map((text) => text.toLowerCase()),
    );
    const anyValue = fc.oneof(value, fc.string({ unit: 'binary', maxLength: 6 }));
    fc.assert(
      fc.property(anyName, anyValue, (key, text) => {
        // The web takes blanks and line ends off both ends before it judges.
        fc.pre(text === text.trim());
        expect(isHeader(key, text)).toBe(isTaken(key, text));
      }),
    );
  });
});
