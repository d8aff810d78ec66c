import { describe, expect, it } from 'vitest';
import { JSON_DEPTH_MAX, JSON_MEMBERS_MAX, jsonLimitViolation } from '#core/wire/json-limits.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const list = (values: number): string => JSON.stringify(Array.from({ length: values }, () => 0));

describe('a JSON text', () => {
  it('may be as deep and as wide as the limits, and no more', () => {
    expect(jsonLimitViolation(nested(JSON_DEPTH_MAX))).toBeUndefined();
    expect(jsonLimitViolation(nested(JSON_DEPTH_MAX + 1))).toContain('deeper than 64');
    expect(jsonLimitViolation(list(JSON_MEMBERS_MAX))).toBeUndefined();
    expect(jsonLimitViolation(list(JSON_MEMBERS_MAX + 1))).toContain('more than 250000');
  });

  it('is not judged by what stands in its strings', () => {
    expect(jsonLimitViolation(JSON.stringify(`"${nested(100)}\\"${','.repeat(300_000)}`))).toBeUndefined();
  });

  it('need not be valid', () => {
    expect(jsonLimitViolation('"never ends \\')).toBeUndefined();
    expect(jsonLimitViolation(']]]]')).toBeUndefined();
  });
});
