/**
 * The part of JSON Schema in which Bedrock's own structured outputs (`outputConfig.textFormat`) can be told what to answer.
 * Bedrock refuses a schema beyond it with 400, before any model runs.
 *
 * Sources: Bedrock User Guide, "Get validated JSON results from models" (what is and is not supported); vercel/ai #17197,
 * litellm #29624, future-agi #412 (the refusals as they come). How many optional members and unions a schema may have in
 * all is told by the refusals of Anthropic's models alone, on Bedrock too: harness-sdk #2664 (24), langchain-aws #1114 (16).
 * Models of others may take more; what they lose is only which way goes first.
 */

/** What a model is told beside the shape of the answer. */
const annotations = ['title', 'description', 'default'];

const membersByType: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems'],
  string: ['format'],
};

const definitions = ['$defs', 'definitions'];
/** Mean nothing to a model, and nobody says that Bedrock takes them: left out. */
const unsent = ['$schema', '$comment'];
const common = ['type', 'enum', 'const', 'anyOf', '$ref', ...annotations, ...definitions];

const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];

const OPTIONAL_MEMBERS_MAX = 24;
const UNIONS_MAX = 16;

export type NativeSchema =
  /** Every object closed, as Bedrock demands: an answer in it satisfies the schema it was made of. */
  | { readonly schema: Schema; readonly obstacle?: undefined }
  /** The first word of the schema that cannot be said. */
  | { readonly schema?: undefined; readonly obstacle: string };

type Schema = Readonly<Record<string, unknown>>;

interface Walk {
  readonly root: Schema;
  /** References that led here: one that comes again leads round. */
  readonly from: readonly string[];
  readonly seen: { optionalMembers: number; unions: number; readonly endingReferences: Set<string> };
}

class Obstacle extends Error {}

/** The schema as Bedrock takes it, or why it cannot. */
export function nativeSchema(schema: unknown): NativeSchema {
  const known = typeof schema === 'object' && schema !== null ? judged.get(schema) : undefined;
  if (known !== undefined) return known;
  const found = judge(schema);
  if (typeof schema === 'object' && schema !== null) judged.set(schema, found);
  return found;
}

/** A call asks several times, for each target that it may go to. */
const judged = new WeakMap<object, NativeSchema>();

function judge(schema: unknown): NativeSchema {
  try {
    if (!isSchema(schema) || schema.type !== 'object') throw new Obstacle('type');
    const seen = { optionalMembers: 0, unions: 0, endingReferences: new Set<string>() };
    const native = closed(schema, { root: schema, from: [], seen });
    if (seen.optionalMembers > OPTIONAL_MEMBERS_MAX) throw new Obstacle('required');
    if (seen.unions > UNIONS_MAX) throw new Obstacle('anyOf');
    return { schema: native };
  } catch (error) {
    if (error instanceof Obstacle) return { obstacle: error.message };
    throw error;
  }
}

function closed(schema: unknown, walk: Walk): Schema {
  if (!isSchema(schema)) throw new Obstacle('true');
  const types = typesOf(schema);
  if (types.length > 1 || schema.anyOf !== undefined) walk.seen.unions += 1;
  const allowed = [...common, ...unsentIn(schema), ...types.flatMap((type) => membersByType[type] ?? [])];
  const unknown = Object.keys(schema).find((member) => !allowed.includes(member));
  if (unknown !== undefined) throw new Obstacle(unknown);
  checkValues(schema);
  if (schema.$ref !== undefined) follow(schema.$ref, walk);
  const entries = Object.entries(schema)
    .filter(([member]) => !unsentIn(schema).includes(member))
    .map(([member, value]) => [member, memberOf(member, value, walk)]);
  return { ...Object.fromEntries(entries), ...objectMembers(schema, types, walk) };
}

/** What schema libraries write of every integer bounds nothing: it is what a reader of JSON can hold. */
function unsentIn({ minimum, maximum }: Schema): readonly string[] {
  return [
    ...unsent,
    ...(minimum === Number.MIN_SAFE_INTEGER ? ['minimum'] : []),
    ...(maximum === Number.MAX_SAFE_INTEGER ? ['maximum'] : []),
  ];
}

function memberOf(member: string, value: unknown, walk: Walk): unknown {
  if (member === 'items') return closed(value, walk);
  if (member === 'properties' || definitions.includes(member)) return closedEach(value, member, walk);
  if (member !== 'anyOf') return value;
  if (!Array.isArray(value)) throw new Obstacle(member);
  return value.map((each) => closed(each, walk));
}

function closedEach(schemas: unknown, member: string, walk: Walk): Schema {
  if (!isSchema(schemas)) throw new Obstacle(member);
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema, walk)]));
}

/** An open object could hold anything; closed, what its schema names. One that names nothing would hold nothing. */
function objectMembers(schema: Schema, types: readonly string[], { seen }: Walk): Schema {
  if (!types.includes('object')) return {};
  const { properties, required, additionalProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false)
    throw new Obstacle('additionalProperties');
  if (properties === undefined && additionalProperties === undefined) throw new Obstacle('properties');
  const named = Array.isArray(required) ? required : [];
  seen.optionalMembers += Object.keys(properties ?? {}).filter((name) => !named.includes(name)).length;
  return { additionalProperties: false };
}

function checkValues({ type, enum: values, const: value, format, minItems, items }: Schema): void {
  if (type === 'array' && items === undefined) throw new Obstacle('items');
  if (Array.isArray(values) && !values.every(isPlain)) throw new Obstacle('enum');
  if (!isPlain(value)) throw new Obstacle('const');
  if (format !== undefined && !formats.includes(String(format))) throw new Obstacle('format');
  if (minItems !== undefined && minItems !== 0 && minItems !== 1) throw new Obstacle('minItems');
}

/** Inside the schema, and never back to where it came from. */
function follow(reference: unknown, walk: Walk): void {
  const path = typeof reference === 'string' ? /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) : null;
  const [, place = '', name = ''] = path ?? [];
  const places = walk.root[place];
  if (path === null || !isSchema(places) || !Object.hasOwn(places, name)) throw new Obstacle('$ref');
  const key = `${place}/${name}`;
  if (walk.from.includes(key)) throw new Obstacle('$ref');
  if (walk.seen.endingReferences.has(key)) return;
  for (const inner of referencesIn(places[name])) follow(inner, { ...walk, from: [...walk.from, key] });
  walk.seen.endingReferences.add(key);
}

function referencesIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isSchema(value)) return [];
  return Object.entries(value).flatMap(([member, each]) => (member === '$ref' ? [each] : referencesIn(each)));
}

function typesOf({ type }: Schema): readonly string[] {
  if (Array.isArray(type)) return type.map(String);
  return type === undefined ? [] : [String(type)];
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
