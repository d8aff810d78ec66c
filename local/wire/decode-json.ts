import type { Member, Shape, StructureShape } from './shape.ts';
import { parseTimestamp } from './timestamps.ts';
import { InvalidInput, serializationError } from './wire-error.ts';

/** Steps of a path that no real request needs; deeper input is refused before it can exhaust the stack. */
const depthMax = 256;

/** JSON text to the SDK's input shape, strictly: unknown members, missing members and wrong types are refused. */
export function decodeJson(shape: Shape, body: Uint8Array): unknown {
  return decodeJsonValue(shape, parseJson(body));
}

/** Bytes to a JSON value. Throws SerializationException where the bytes are not UTF-8 JSON. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw serializationError('The request body is not valid JSON.');
  }
}

function decodeJsonValue(shape: Shape, value: unknown): unknown {
  const problems: string[] = [];
  const decoded = new JsonReader(problems).read(shape, value, []);
  if (problems.length > 0) throw new InvalidInput(problems);
  return decoded;
}

class JsonReader {
  readonly #problems: string[];

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  /** `path` leads to the value; its length bounds the depth. */
  read(shape: Shape, value: unknown, path: readonly string[]): unknown {
    if (path.length > depthMax) throw tooDeep();
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape, value, path);
      case 'list':
        return this.#list(shape, value, path);
      case 'map':
        return this.#map(shape, value, path);
      case 'document':
        checkDepth(value, path.length);
        return value;
      default:
        return readScalar(shape, value, path);
    }
  }

  #structure(shape: StructureShape, value: unknown, path: readonly string[]): unknown {
    const source = asObject(value, path);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(source)) {
      const member = shape.byWireName.get(key);
      if (member === undefined) {
        if (key !== '__type')
          this.#problems.push(`extraneous key [${key}] is not permitted at ${describe(path)}`);
        continue;
      }
      const given = source[key];
      if (given !== null && given !== undefined) {
        result[member.name] = this.read(member.shape, given, [...path, member.name]);
      }
    }
    this.#checkMembers(shape, result, path);
    return result;
  }

  #checkMembers(
    shape: StructureShape,
    result: Readonly<Record<string, unknown>>,
    path: readonly string[],
  ): void {
    for (const member of shape.members) {
      if (member.required && result[member.name] === undefined && isBodyMember(member)) {
        this.#problems.push(missing([...path, member.name]));
      }
    }
    if (shape.union && Object.keys(result).length !== 1) {
      this.#problems.push(`${describe(path)} must have exactly one of its members set`);
    }
  }

  #list(shape: Shape & { kind: 'list' }, value: unknown, path: readonly string[]): unknown {
    if (!Array.isArray(value)) throw wrongType(value, 'a list', path);
    return value.map((element, index) => {
      const here = [...path, String(index + 1), 'member'];
      if (element !== null) return this.read(shape.member, element, here);
      if (!shape.sparse) this.#problems.push(missing(here));
      return null;
    });
  }

  #map(shape: Shape & { kind: 'map' }, value: unknown, path: readonly string[]): unknown {
    const result: Record<string, unknown> = {};
    for (const [key, element] of Object.entries(asObject(value, path))) {
      const here = [...path, key];
      if (element === null && !shape.sparse) this.#problems.push(missing(here));
      const decoded = element === null ? null : this.read(shape.value, element, here);
      Object.defineProperty(result, key, {
        value: decoded,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return result;
  }
}

/** Members bound to the path, the query or a header are checked where those are read. */
function isBodyMember({ binding }: Member): boolean {
  return !(binding.label || binding.query || binding.header || binding.payload);
}

/** How AWS names a required member that is not there. */
export function missing(path: readonly string[]): string {
  return `Value null at '${path.join('.')}' failed to satisfy constraint: Member must not be null`;
}

function readScalar(shape: Shape, value: unknown, path: readonly string[]): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(value, 'a string', path);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'a boolean', path);
      return value;
    case 'number':
    case 'big-number':
      return readNumber(value, path);
    case 'blob':
      return readBlob(value, path);
    case 'timestamp':
      return readTimestamp(shape, value, path);
    default:
      return {};
  }
}

function readNumber(value: unknown, path: readonly string[]): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw wrongType(value, 'a number', path);
}

function readBlob(value: unknown, path: readonly string[]): Uint8Array {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    throw wrongType(value, 'base64 bytes', path);
  }
  return new Uint8Array(Buffer.from(value, 'base64'));
}

function readTimestamp(shape: Shape & { kind: 'timestamp' }, value: unknown, path: readonly string[]): Date {
  const parsed =
    typeof value === 'number' || typeof value === 'string'
      ? parseTimestamp(value, shape.format ?? 'epoch-seconds')
      : undefined;
  if (parsed === undefined) throw wrongType(value, 'a timestamp', path);
  return parsed;
}

function asObject(value: unknown, path: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(value, 'an object', path);
  }
  return value as Record<string, unknown>;
}

function wrongType(value: unknown, wanted: string, path: readonly string[]): Error {
  const actual = value === null ? 'NULL' : Array.isArray(value) ? 'LIST' : typeof value;
  return serializationError(
    `${actual.toUpperCase()}_VALUE can not be converted: ${describe(path)} must be ${wanted}.`,
  );
}

const describe = (path: readonly string[]): string => (path.length === 0 ? '#' : `'${path.join('.')}'`);

function tooDeep(): Error {
  return serializationError(`The request is nested deeper than ${depthMax} levels.`);
}

/** Documents are taken as they are; only their depth is bounded. Iterative, so that depth cannot hurt here. */
function checkDepth(value: unknown, depth: number): void {
  let level: unknown[] = [value];
  for (let reached = depth; level.length > 0; reached += 1) {
    if (reached > depthMax) throw tooDeep();
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
  }
}
