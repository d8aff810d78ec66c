import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, parseExactJson } from '#core/units/exact-json.ts';

describe('exact JSON', () => {
  it('writes every whole number as it was read, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.json(), (number, other) => {
        const nested = `{"a":[${number},{"b":${number}}],"c":${JSON.stringify(JSON.parse(other))}}`;
        expect(JSON.stringify(parseExactJson(nested))).toBe(nested);
        expect(JSON.stringify(parseExactJson(`${number}`))).toBe(`${number}`);
      }),
    );
  });

  it('keeps what no double can hold at all', () => {
    expect(JSON.stringify(parseExactJson('{"a": 1e999, "b": -1.5e+400}'))).toBe('{"a":1e999,"b":-1.5e+400}');
  });

  it('leaves numbers that a double holds, and texts, as they are', () => {
    expect(parseExactJson('{"a":9007199254740991,"b":"12345678901234567890","c":0.5,"d":1e15}')).toEqual({
      a: 9007199254740991,
      b: '12345678901234567890',
      c: 0.5,
      d: 1e15,
    });
  });

  it('takes a kept number for no object', () => {
    expect(isJsonObject(parseExactJson('12345678901234567890'))).toBe(false);
    expect([isJsonObject({}), isJsonObject([]), isJsonObject(null), isJsonObject(1)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('refuses what is no JSON, as JSON.parse does', () => {
    expect(() => parseExactJson('[12345678901234567890')).toThrow(SyntaxError);
  });
});
