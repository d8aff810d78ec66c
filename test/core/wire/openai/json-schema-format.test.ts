import { expect, it } from 'vitest';
import { jsonSchemaFormat } from '#core/wire/openai/json-schema-format.ts';

it('carries the schema, and what the answer is for', () => {
  const schema = { type: 'object' };
  const format = jsonSchemaFormat({ name: 'film', description: 'A film.', schema }, 'p', () => undefined);
  expect(format).toEqual({
    responseFormat: { kind: 'json-schema', name: 'film', description: 'A film.', schema },
  });
});

it.each([{}, { type: 'array' }, { anyOf: [] }])('%j is refused: no object', (schema) => {
  const found: string[] = [];
  jsonSchemaFormat({ name: 'film', schema }, 'p', (path) => found.push(path));
  expect(found).toEqual(['p']);
});
