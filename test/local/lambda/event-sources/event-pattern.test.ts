import { describe, expect, it } from 'vitest';
import { matchesPattern, readPattern } from '#local/lambda/event-sources/event-pattern.ts';

const passes = (pattern: object, event: unknown) =>
  matchesPattern(readPattern(JSON.stringify(pattern)), event);

describe('a pattern of events', () => {
  it('passes what holds one of the values at each place', () => {
    const pattern = { dynamodb: { Keys: { item: { S: ['targets', 'other'] } } } };
    expect(passes(pattern, { dynamodb: { Keys: { item: { S: 'targets' } } } })).toBe(true);
    expect(passes(pattern, { dynamodb: { Keys: { item: { S: 'heartbeat' } } } })).toBe(false);
    expect(passes(pattern, { dynamodb: {} })).toBe(false);
  });

  it('knows lists, and whether something is there', () => {
    expect(passes({ a: ['x'] }, { a: ['w', 'x'] })).toBe(true);
    expect(passes({ a: [{ exists: false }] }, {})).toBe(true);
    expect(passes({ a: [{ exists: true }] }, {})).toBe(false);
  });

  it('refuses what it does not understand, by its place', () => {
    expect(() => readPattern('{"a":{"b":[{"prefix":"x"}]},"c":1}')).toThrow(
      '$.a.b[0]: got {"prefix":"x"}, want a value or {"exists": true}; $.c: got 1, want fields or a list of values',
    );
  });
});
