import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeSchema } from '#core/chat/native-schema.ts';

const text = { type: 'string' };
const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  ...more,
});

describe('a schema for structured outputs', () => {
  it('is closed at every depth, and otherwise as it was', () => {
    const schema = object(
      {
        at: { type: 'string', format: 'date-time', description: 'When.' },
        kind: { enum: ['ebb', 'flood', null] },
        seen: { type: 'array', minItems: 1, items: object({ by: { type: ['string', 'null'] } }) },
        place: { anyOf: [{ $ref: '#/$defs/place' }, { type: 'null' }] },
      },
      { required: ['at'], title: 'Tide', $defs: { place: object({ name: text }) } },
    );
    const closed = { additionalProperties: false };
    expect(nativeSchema({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema })).toEqual({
      schema: {
        ...schema,
        ...closed,
        properties: {
          ...schema.properties,
          seen: {
            type: 'array',
            minItems: 1,
            items: { ...object({ by: { type: ['string', 'null'] } }), ...closed },
          },
        },
        $defs: { place: { ...object({ name: text }), ...closed } },
      },
    });
  });

  it.each<readonly [string, unknown]>([
    ['type', { type: 'string' }],
    ['properties', { type: 'object' }],
    ['additionalProperties', object({}, { additionalProperties: text })],
    ['additionalProperties', object({}, { additionalProperties: true })],
    ['true', object({ a: true })],
    ['minimum', object({ a: { type: 'integer', minimum: 0 } })],
    ['multipleOf', object({ a: { type: 'number', multipleOf: 2 } })],
    ['minLength', object({ a: { ...text, minLength: 1 } })],
    ['pattern', object({ a: { ...text, pattern: '^a' } })],
    ['format', object({ a: { ...text, format: 'iban' } })],
    ['maxItems', object({ a: { type: 'array', items: text, maxItems: 2 } })],
    ['minItems', object({ a: { type: 'array', items: text, minItems: 2 } })],
    ['items', object({ a: { type: 'array' } })],
    ['enum', object({ a: { enum: [{}] } })],
    ['const', object({ a: { const: [] } })],
    ['oneOf', object({ a: { oneOf: [text] } })],
    ['allOf', object({ a: { allOf: [text] } })],
    ['anyOf', object({ a: { anyOf: text } })],
    ['patternProperties', object({}, { patternProperties: {} })],
    ['$ref', object({ a: { $ref: 'https://example.com/a' } })],
    ['$ref', object({ a: { $ref: '#' } })],
    ['$ref', object({ a: { $ref: '#/$defs/missing' } })],
    ['$ref', object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: object({ b: { $ref: '#/$defs/a' } }) } })],
  ])('cannot say %s in %j', (obstacle, schema) => {
    expect(nativeSchema(schema)).toEqual({ obstacle });
  });

  it('has no bounds of integers that bound nothing', () => {
    const year = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    expect(nativeSchema(object({ year })).schema).toMatchObject({
      properties: { year: { type: 'integer' } },
    });
    expect(JSON.stringify(nativeSchema(object({ year })))).not.toContain('imum');
    expect(nativeSchema(object({ year: { ...year, minimum: 1900 } })).obstacle).toBe('minimum');
  });

  it('takes as many optional members and unions as Anthropic does', () => {
    const members = (count: number, schema: unknown) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, schema]));
    const required = Object.keys(members(17, text));
    const union = { type: ['string', 'null'] };
    expect(nativeSchema(object(members(24, text))).obstacle).toBeUndefined();
    expect(nativeSchema(object(members(25, text)))).toEqual({ obstacle: 'required' });
    expect(nativeSchema(object(members(16, union), { required })).obstacle).toBeUndefined();
    expect(nativeSchema(object(members(17, union), { required }))).toEqual({ obstacle: 'anyOf' });
  });

  it('is judged in a time that references which multiply do not multiply', () => {
    const links = Array.from({ length: 60 }, (_, index) => {
      const next = { $ref: `#/$defs/d${index + 1}` };
      return [`d${index}`, object({ a: next, b: next }, { required: ['a', 'b'] })] as const;
    });
    const $defs = { ...Object.fromEntries(links), d60: text };
    expect(nativeSchema(object({ a: { $ref: '#/$defs/d0' } }, { $defs })).obstacle).toBeUndefined();
  });

  it('is told or refused, whatever it is: judging never throws, and tells the same of what it told', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const { schema } = nativeSchema(object({ a: value }, { required: ['a'] }));
        if (schema !== undefined) expect(nativeSchema(structuredClone(schema))).toEqual({ schema });
      }),
    );
  });
});
