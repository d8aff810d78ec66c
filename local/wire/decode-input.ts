import { decodeJson, missing } from './decode-json.ts';
import { decodeQuery } from './decode-query.ts';
import { decodeXml } from './decode-xml.ts';
import type { FoundOperation, RequestLine } from './found-operation.ts';
import { fromText } from './from-text.ts';
import { isInBody, type Member, type Shape, type StructureShape } from './shape.ts';
import { InvalidInput, serializationError } from './wire-error.ts';

type Input = Record<string, unknown>;

/** The input of a call as the SDK's own type, from whichever protocol its service speaks. */
export function decodeInput(found: FoundOperation, line: RequestLine): Input {
  const { input, service } = found.operation;
  switch (service.protocol) {
    case 'aws-json':
      return decodeBody(input, line.body);
    case 'aws-query':
      return decodeQuery(input, new URLSearchParams(Buffer.from(line.body).toString()));
    case 'rest-json':
    case 'rest-xml':
      return input.kind === 'structure' ? decodeRest(input, found, line) : {};
  }
}

function decodeBody(shape: Shape, body: Uint8Array): Input {
  const given = body.length === 0 ? Buffer.from('{}') : body;
  if (shape.kind === 'unit') return {};
  return decodeJson(shape, given) as Input;
}

function decodeRest(shape: StructureShape, found: FoundOperation, line: RequestLine): Input {
  const input: Input = {};
  const inXml = found.operation.service.protocol === 'rest-xml';
  const bodyMembers = inXml ? [] : shape.members.filter(isInBody);
  if (bodyMembers.length > 0) Object.assign(input, decodeBody(bodyShape(shape), line.body));
  for (const member of shape.members) {
    if (isInBody(member)) continue;
    const value = readBound(member, found, line);
    if (value !== undefined) input[member.name] = value;
  }
  const absent = shape.members.filter((member) => member.required && input[member.name] === undefined);
  if (absent.length > 0) throw new InvalidInput(absent.map((member) => missing([member.name])));
  return input;
}

/** What the path alone says of a call whose input cannot be decoded: enough to tell its target. */
export function decodeLabels({ operation, labels }: FoundOperation): Input {
  const names = operation.route?.labels ?? [];
  return Object.fromEntries(names.map((name, index) => [name, plainText(labels[index] ?? '')]));
}

function plainText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const bodyShapes = new WeakMap<StructureShape, StructureShape>();

/** The part of an input that the body carries: a path label's name in the body is an unknown member there. */
function bodyShape(shape: StructureShape): StructureShape {
  const known = bodyShapes.get(shape);
  if (known !== undefined) return known;
  const members = shape.members.filter(isInBody);
  const made = { ...shape, members, byWireName: new Map(members.map((member) => [member.wireName, member])) };
  bodyShapes.set(shape, made);
  return made;
}

function readBound(member: Member, found: FoundOperation, line: RequestLine): unknown {
  const { label, query, queryParams, header, prefixHeaders, payload } = member.binding;
  if (label) return readLabel(member, found);
  if (query !== undefined) return readQuery(member, line.query.getAll(query));
  if (queryParams) return Object.fromEntries(line.query);
  if (header !== undefined) return readHeader(member, line.headers[header]);
  if (prefixHeaders !== undefined) return readPrefixed(prefixHeaders, line.headers);
  if (payload) return readPayload(member, found, line.body);
  return undefined;
}

function readLabel(member: Member, { operation, labels }: FoundOperation): unknown {
  const text = labels[operation.route?.labels.indexOf(member.name) ?? -1] ?? '';
  try {
    return fromText(member.shape, decodeURIComponent(text), member.name);
  } catch (error) {
    if (error instanceof URIError)
      throw serializationError(`The path holds a bad escape at '${member.name}'.`);
    throw error;
  }
}

function readQuery(member: Member, given: readonly string[]): unknown {
  const [first] = given;
  if (first === undefined) return undefined;
  if (member.shape.kind === 'list') {
    const { member: element } = member.shape;
    return given.map((text) => fromText(element, text, member.name));
  }
  if (given.length > 1) throw serializationError(`'${member.name}' is given ${given.length} times.`);
  return fromText(member.shape, first, member.name);
}

function readHeader(member: Member, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (member.shape.kind !== 'list') return fromText(member.shape, text, member.name);
  const { member: element } = member.shape;
  return text.split(',').map((part) => fromText(element, part.trim(), member.name));
}

function readPrefixed(prefix: string, headers: RequestLine['headers']): Record<string, string> {
  const named = Object.entries(headers).filter(
    ([name, value]) => name.startsWith(prefix) && value !== undefined,
  );
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value ?? '']));
}

function readPayload({ shape, wireName }: Member, { operation }: FoundOperation, body: Uint8Array): unknown {
  if (shape.kind === 'blob') return body;
  if (shape.kind === 'string') return Buffer.from(body).toString();
  if (operation.service.protocol === 'rest-xml') {
    return body.length === 0 ? undefined : decodeXml(shape, wireName, Buffer.from(body).toString());
  }
  return body.length === 0 ? undefined : decodeJson(shape, body);
}
