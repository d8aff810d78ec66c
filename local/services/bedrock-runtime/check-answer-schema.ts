/** What Bedrock refuses of a schema that an answer must satisfy: its User Guide names it, its sentences were seen. */
import { isRecord } from '../../world/body-check.ts';
import { invalid } from './refusals.ts';

const AT = 'output_config.format.schema';

const refusedByType: Readonly<Record<string, readonly string[]>> = {
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength'],
  array: ['maxItems', 'uniqueItems', 'contains', 'prefixItems'],
  object: ['patternProperties', 'propertyNames', 'minProperties', 'maxProperties'],
};
const refusedEverywhere = ['oneOf', 'not', 'if', 'dependentSchemas'];

/** @throws the first refusal that meets the schema */
export function checkAnswerSchema(schema: unknown): void {
  checkAt(schema, { root: schema, above: [] });
}

interface Place {
  readonly root: unknown;
  /** References that led here. */
  readonly above: readonly string[];
}

function checkAt(schema: unknown, place: Place): void {
  if (!isRecord(schema)) return;
  const types = [schema.type].flat().map(String);
  for (const type of types) {
    const refused = (refusedByType[type] ?? []).filter((member) => member in schema).sort();
    if (refused.length === 1)
      throw invalid(`${AT}: For '${type}' type, property '${refused}' is not supported`);
    if (refused.length > 1)
      throw invalid(`${AT}: For '${type}' type, properties ${refused.join(', ')} are not supported`);
  }
  if (types.includes('object') && schema.additionalProperties !== false)
    throw invalid(`${AT}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
  if (schema.minItems !== undefined && schema.minItems !== 0 && schema.minItems !== 1)
    throw invalid(`${AT}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`);
  const everywhere = refusedEverywhere.find((member) => member in schema);
  if (everywhere !== undefined) throw invalid(`${AT}: '${everywhere}' is not supported`);
  if (schema.$ref !== undefined) checkReference(String(schema.$ref), place);
  for (const inner of innerSchemas(schema)) checkAt(inner, place);
}

function checkReference(reference: string, { root, above }: Place): void {
  if (!reference.startsWith('#/')) throw invalid(`${AT}: External $ref is not supported: ${reference}`);
  if (above.includes(reference)) throw invalid(`${AT}: Recursive schemas are not supported: ${reference}`);
  const meant = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), root);
  checkAt(meant, { root, above: [...above, reference] });
}

function innerSchemas(schema: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { properties, items, anyOf, allOf } = schema;
  return [...(isRecord(properties) ? Object.values(properties) : []), items, anyOf, allOf].flat();
}
