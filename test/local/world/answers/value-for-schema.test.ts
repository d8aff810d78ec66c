import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { valueForSchema } from '#local/world/answers/value-for-schema.ts';

/** Judged by zod's reading of JSON schema, not by ours. */
function accepts(schema: unknown, value: unknown): boolean {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
}

const leaf = fc.oneof(
  fc.record({ type: fc.constant('boolean') }),
  fc.record({ type: fc.constant('null') }),
  fc.record({
    enum: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
  }),
  fc
    .tuple(fc.nat(20), fc.nat(40))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
  fc
    .tuple(fc.constantFrom('integer', 'number'), fc.integer({ min: -50, max: 50 }), fc.nat(60))
    .map(([type, minimum, more]) => ({ type, minimum, maximum: minimum + more })),
  fc
    .constantFrom('date', 'date-time', 'email', 'uuid', 'uri', 'ipv4')
    .map((format) => ({ type: 'string', format })),
  fc
    .constantFrom('^[A-Z]{3}-\\d{4}$', '^(?:red|green)$', '^\\w+@\\w+\\.com$', '^[a-f0-9]{8}$', 'x+y?z*')
    .map((pattern) => ({ type: 'string', pattern })),
);

const { schema: anySchema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc
      .tuple(tie('schema'), fc.nat(3), fc.nat(3))
      .map(([items, minItems, more]) => ({ type: 'array', items, minItems, maxItems: minItems + more })),
    fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 })
      .chain((properties) =>
        fc
          .subarray(Object.keys(properties))
          .map((required) => ({ type: 'object', properties, required, additionalProperties: false })),
      ),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
}));

describe('valueForSchema', () => {
  it('satisfies generated schemas, in the judgement of another implementation', () => {
    fc.assert(
      fc.property(anySchema, fc.lorem(), (schema, text) => {
        const value = valueForSchema(schema, text);
        expect(accepts(schema, value), `${JSON.stringify(value)} for ${JSON.stringify(schema)}`).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('takes what the text says: enum members and numbers', () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        unit: { enum: ['celsius', 'fahrenheit'] },
        days: { type: 'integer', minimum: 1, maximum: 10 },
      },
      required: ['city', 'unit', 'days'],
    };
    expect(valueForSchema(schema, 'Fahrenheit for 400 or 7 days')).toMatchObject({
      unit: 'fahrenheit',
      days: 7,
    });
  });

  it('resolves references, ends on schemas that contain themselves, and merges allOf', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['name', 'children'],
        },
      },
    };
    expect(JSON.stringify(valueForSchema(tree, 'leaf'))).toContain('"children":[]');
    const both = {
      allOf: [
        { properties: { a: { const: 1 } }, required: ['a'] },
        { properties: { b: { const: 2 } }, required: ['b'] },
      ],
    };
    expect(valueForSchema(both, '')).toEqual({ a: 1, b: 2 });
  });

  it('makes the members of a set differ', () => {
    const schema = { type: 'array', minItems: 3, uniqueItems: true, items: { type: 'string' } };
    const value = valueForSchema(schema, 'same') as readonly string[];
    expect(new Set(value).size).toBe(3);
  });

  it('gives up on what no answer can hold, and soon', () => {
    const list = (items: unknown) => ({ type: 'array', minItems: 1_000_000_000, items });
    const huge = [
      { type: 'string', minLength: 1_000_000_000 },
      { type: 'string', pattern: '^a{500000000}$' },
      { type: 'object', minProperties: 1_000_000_000 },
      list(list(list({ type: 'string' }))),
      { allOf: [{ $ref: '#' }, { $ref: '#' }] },
    ];
    const startedMs = performance.now();
    for (const schema of huge) {
      expect(JSON.stringify(valueForSchema(schema, 'text')).length).toBeLessThan(500_000);
    }
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('survives schemas that are no schemas', () => {
    for (const schema of [
      true,
      null,
      5,
      'x',
      {},
      { type: 'constructor' },
      { type: 'string', format: '__proto__' },
      { $ref: '#/nowhere' },
    ]) {
      expect(() => JSON.stringify(valueForSchema(schema, 'text'))).not.toThrow();
    }
  });
});
