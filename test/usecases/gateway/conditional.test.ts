import { describe, expect, it } from 'vitest';
import { hasAlready, takesGzip } from '#usecases/gateway/conditional.ts';

describe('what a caller takes', () => {
  it.each([
    [null, false],
    ['', false],
    ['br', false],
    ['gzip', true],
    ['br;q=1, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, br', false],
    ['x-gzip-like', false],
  ])('of %s is compressed: %s', (accepted, expected) => expect(takesGzip(accepted)).toBe(expected));
});

describe('what a caller has', () => {
  it.each([
    [null, '"a"', false],
    ['"b"', '"a"', false],
    ['"a"', '"a"', true],
    ['"b", W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['*', 'W/"a"', true],
  ])('%s is %s: %s', (given, etag, expected) => expect(hasAlready(given, etag)).toBe(expected));
});
