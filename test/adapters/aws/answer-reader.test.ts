import { describe, expect, it } from 'vitest';
import {
  arrayIn,
  countIn,
  MalformedAnswer,
  objectIn,
  optionalCount,
  optionalObject,
  optionalString,
  parseJsonObject,
  stringIn,
} from '#adapters/aws/answer-reader.ts';

describe('the readers of an upstream answer', () => {
  it('give what is there in the right type', () => {
    expect(parseJsonObject('{"a":1}', 'body')).toEqual({ a: 1 });
    expect(objectIn({}, 'x')).toEqual({});
    expect(arrayIn([1], 'x')).toEqual([1]);
    expect(stringIn('', 'x')).toBe('');
    expect(countIn(0, 'x')).toBe(0);
  });

  it.each([undefined, null])('take %s for absent where a member is optional', (absent) => {
    expect(optionalObject(absent, 'x')).toBeUndefined();
    expect(optionalString(absent, 'x')).toBeUndefined();
    expect(optionalCount(absent, 'x')).toBeUndefined();
  });

  it.each([
    () => parseJsonObject('{', 'usage'),
    () => parseJsonObject('[]', 'usage'),
    () => objectIn([], 'usage'),
    () => objectIn(null, 'usage'),
    () => arrayIn({}, 'usage'),
    () => stringIn(1, 'usage'),
    () => optionalString(false, 'usage'),
    () => countIn('1', 'usage'),
    () => countIn(-1, 'usage'),
    () => countIn(1.5, 'usage'),
    () => countIn(Number.NaN, 'usage'),
    () => optionalCount('', 'usage'),
    () => optionalObject('', 'usage'),
  ])('refuse another type and name the member (%#)', (read) => {
    expect(read).toThrow(MalformedAnswer);
    expect(read).toThrow('usage');
  });
});
