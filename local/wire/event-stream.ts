import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import { structureToJson } from './encode-json.ts';
import type { Member, StructureShape } from './shape.ts';

/** One event of a stream in wire form. */
export interface Frame {
  /** The union member it carries. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Carries a part of the answer itself: what the journal counts and stream faults wait for. */
  readonly content: boolean;
}

/** Members that carry content, in the streams where others only frame it. */
const contentMembers = new Set(['contentBlockDelta', 'chunk', 'PayloadPart']);

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const text = (value: string) => ({ type: 'string' as const, value });

/** Encodes one event, `{ member: value }`, with lengths and both CRCs. */
export function encodeFrame(union: StructureShape, event: Readonly<Record<string, unknown>>): Frame {
  const name = Object.keys(event).find((key) => event[key] !== undefined && key !== '$unknown');
  const member = union.members.find((candidate) => candidate.name === name);
  if (member === undefined || member.shape.kind !== 'structure') {
    throw new Error(`a stream of ${union.name} has no event ${String(name)}`);
  }
  const value = event[member.name] as Readonly<Record<string, unknown>>;
  const { body, headers, contentType } = encodePayload(member.shape, value);
  const kind = member.shape.error ? 'exception' : 'event';
  const bytes = codec.encode({
    headers: {
      [`:${kind}-type`]: text(member.name),
      ':content-type': text(contentType),
      ':message-type': text(kind),
      ...headers,
    },
    body,
  });
  return { name: member.name, bytes, content: isContent(union, member) };
}

/** An exception frame of a stream, by the error's member or class name. */
export function encodeException(
  union: StructureShape,
  name: string,
  told: { readonly message: string } & Readonly<Record<string, unknown>>,
): Frame | undefined {
  const member = exceptionMember(union, name);
  return member && encodeFrame(union, { [member.name]: { ...told, Message: told.message } });
}

/** An error that the stream does not model: a frame of headers alone. */
export function encodeUnmodelledError(name: string, message: string): Uint8Array {
  const headers = {
    ':message-type': text('error'),
    ':error-code': text(name),
    ':error-message': text(message),
  };
  return codec.encode({ headers, body: new Uint8Array() });
}

/** The error member of a stream that a name means: `throttlingException` or `ThrottlingException`. */
function exceptionMember(union: StructureShape, name: string): Member | undefined {
  return union.members.find(
    ({ name: memberName, shape }) =>
      shape.kind === 'structure' && shape.error && (memberName === name || shape.name === name),
  );
}

/** A frame whose checksum does not fit, as a damaged connection would deliver it. */
export function malformed(frame: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(frame);
  const last = damaged.length - 1;
  damaged[last] = (damaged[last] ?? 0) ^ 0xff;
  return damaged;
}

function isContent(union: StructureShape, member: Member): boolean {
  if (member.shape.kind === 'structure' && member.shape.error) return false;
  const framed = union.members.some(({ name }) => contentMembers.has(name));
  return framed ? contentMembers.has(member.name) : true;
}

interface Payload {
  readonly body: Uint8Array;
  readonly headers: Record<string, { type: 'string'; value: string }>;
  readonly contentType: string;
}

function encodePayload(shape: StructureShape, value: Readonly<Record<string, unknown>>): Payload {
  const headers: Payload['headers'] = {};
  for (const member of shape.members) {
    if (member.binding.eventHeader && value[member.name] !== undefined) {
      headers[member.wireName] = text(String(value[member.name]));
    }
  }
  const payload = shape.members.find((member) => member.binding.eventPayload);
  if (payload?.shape.kind === 'blob') {
    const body = value[payload.name] as Uint8Array;
    return { body, headers, contentType: 'application/octet-stream' };
  }
  const members = shape.members.filter((member) => !member.binding.eventHeader);
  const json =
    payload?.shape.kind === 'structure'
      ? structureToJson(payload.shape.members, value[payload.name] as Record<string, unknown>)
      : structureToJson(members, value);
  return { body: Buffer.from(JSON.stringify(json)), headers, contentType: 'application/json' };
}
