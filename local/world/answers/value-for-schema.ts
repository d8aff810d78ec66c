import { isRecord } from '../body-check.ts';
import { sampleOfPattern } from './sample-of-pattern.ts';

/** Below this depth only what a schema demands is filled in, so that a schema that contains itself ends. */
const FULL_DEPTH = 4;
const DEPTH_MAX = 32;
/** A schema may demand more than any answer holds; beyond these a value is left as it is. */
const CHARACTERS_MAX = 100_000;
const MEMBERS_MAX = 1_000;
const VALUES_MAX = 20_000;

const FORMATS = new Map(
  Object.entries({
    'date-time': '2026-01-01T00:00:00Z',
    date: '2026-01-01',
    time: '00:00:00Z',
    duration: 'PT1H',
    email: 'someone@example.com',
    hostname: 'example.com',
    ipv4: '192.0.2.1',
    ipv6: '2001:db8::1',
    uri: 'https://example.com/',
    url: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
  }),
);

type Schema = Readonly<Record<string, unknown>>;

interface Source {
  readonly root: unknown;
  /** What the values are made of: the gist of the prompt. */
  readonly text: string;
  /** Values and references that may still be looked at: nested lists and references multiply. */
  readonly left: { values: number };
}

/**
 * A value that satisfies a JSON schema, made of the text where the schema leaves room: an enum takes the member that
 * the text names, a number the first fitting one in it.
 */
export function valueForSchema(schema: unknown, text: string): unknown {
  return valueAt(schema, { root: schema, text, left: { values: VALUES_MAX } }, 0);
}

function valueAt(schema: unknown, source: Source, depth: number): unknown {
  if (!isRecord(schema)) return source.text;
  if (depth > DEPTH_MAX || source.left.values <= 0) return null;
  const flat = flatten(schema, source, 0);
  if ('const' in flat) return flat.const;
  if (Array.isArray(flat.enum) && flat.enum.length > 0) return fromEnum(flat.enum, source.text);
  switch (typeOf(flat)) {
    case 'object':
      return objectFor(flat, source, depth);
    case 'array':
      return arrayFor(flat, source, depth);
    case 'integer':
    case 'number':
      return numberFor(flat, source.text);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringFor(flat, source.text);
  }
}

/** References resolved, `allOf` merged in, the first usable choice of `anyOf` and `oneOf` taken. */
function flatten(schema: Schema, source: Source, depth: number): Schema {
  source.left.values -= 1;
  if (depth > DEPTH_MAX || source.left.values <= 0) return schema;
  const { $ref, allOf, anyOf, oneOf, ...own } = schema;
  const choices = [anyOf, oneOf].filter(Array.isArray).map((options) => options.find(notNull) ?? options[0]);
  const parts = [
    ...(typeof $ref === 'string' ? [resolve($ref, source.root)] : []),
    ...(Array.isArray(allOf) ? allOf : []),
    ...choices,
  ].filter(isRecord);
  return parts.map((part) => flatten(part, source, depth + 1)).reduce(merge, own);
}

function merge(left: Schema, right: Schema): Schema {
  return {
    ...left,
    ...right,
    ...(isRecord(left.properties) && isRecord(right.properties)
      ? { properties: { ...left.properties, ...right.properties } }
      : {}),
    ...(Array.isArray(left.required) && Array.isArray(right.required)
      ? { required: [...left.required, ...right.required] }
      : {}),
  };
}

function notNull(option: unknown): boolean {
  return isRecord(option) && option.type !== 'null' && option.const !== null;
}

function resolve(reference: string, root: unknown): unknown {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, root);
}

function typeOf(schema: Schema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((option) => option !== 'null') ?? type[0];
  if (type !== undefined) return type;
  if (schema.properties || schema.required || schema.additionalProperties) return 'object';
  if (schema.items || schema.prefixItems) return 'array';
  return schema.minimum !== undefined || schema.maximum !== undefined ? 'number' : 'string';
}

function fromEnum(values: readonly unknown[], text: string): unknown {
  const named = values.find(
    (value) => typeof value === 'string' && value !== '' && text.toLowerCase().includes(value.toLowerCase()),
  );
  return named ?? values[0];
}

function objectFor(schema: Schema, source: Source, depth: number): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === 'string')
    : [];
  const names = new Set([...required, ...(depth < FULL_DEPTH ? Object.keys(properties) : [])]);
  const more = schema.additionalProperties;
  const minimum = Math.min(numberOr(schema.minProperties, 0), MEMBERS_MAX);
  for (let index = 1; names.size < minimum && index <= minimum; index += 1) names.add(`item${index}`);
  const entries = [...names].map((name) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : more;
    return [name, valueAt(inner, source, depth + 1)];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function arrayFor(schema: Schema, source: Source, depth: number): readonly unknown[] {
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const wanted = Math.max(numberOr(schema.minItems, 0), depth < FULL_DEPTH ? Math.max(1, first.length) : 0);
  const length = Math.min(wanted, numberOr(schema.maxItems, wanted), MEMBERS_MAX);
  return Array.from({ length }, (_, index) => {
    const item = first[index] ?? schema.items;
    const value = valueAt(item, source, depth + 1);
    return schema.uniqueItems === true ? distinct(value, asSchema(item, source), index) : value;
  });
}

/** The members of a set must differ: by their place in an enum, by a number, or by a number in their text. */
function distinct(value: unknown, { enum: members, multipleOf }: Schema, index: number): unknown {
  if (Array.isArray(members)) return members[index] ?? value;
  if (typeof value === 'number') return value + index * Math.max(1, numberOr(multipleOf, 1));
  return typeof value === 'string' && index > 0 ? `${index + 1} ${value}` : value;
}

function asSchema(item: unknown, source: Source): Schema {
  return isRecord(item) ? flatten(item, source, 0) : {};
}

function numberFor(schema: Schema, text: string): number {
  const step = numberOr(schema.multipleOf, schema.type === 'integer' ? 1 : 0);
  const low = Math.max(numberOr(schema.minimum, -Infinity), numberOr(schema.exclusiveMinimum, -Infinity));
  const high = Math.min(numberOr(schema.maximum, Infinity), numberOr(schema.exclusiveMaximum, Infinity));
  const fits = (value: number) =>
    value >= low &&
    value <= high &&
    value !== schema.exclusiveMinimum &&
    value !== schema.exclusiveMaximum &&
    (step === 0 || Number.isInteger(value / step));
  const named = (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number).find(fits);
  if (named !== undefined) return named;
  const grid = step === 0 ? 1 : step;
  const lowest = Number.isFinite(low)
    ? Math.ceil(low / grid) * grid
    : Math.min(0, Math.floor(high / grid) * grid);
  const middle = Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : lowest;
  return [lowest, lowest + grid, lowest - grid, middle].find(fits) ?? lowest;
}

function stringFor(schema: Schema, text: string): string {
  const format = typeof schema.format === 'string' ? FORMATS.get(schema.format) : undefined;
  if (format !== undefined) return format;
  const sample = typeof schema.pattern === 'string' ? sampleOfPattern(schema.pattern) : undefined;
  const characters = [...(sample ?? (text || 'text'))];
  const shortest = Math.min(numberOr(schema.minLength, 0), CHARACTERS_MAX);
  for (let index = 0; characters.length < shortest; index += 1) characters.push(characters[index] ?? ' ');
  return characters.slice(0, numberOr(schema.maxLength, 200)).join('');
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
