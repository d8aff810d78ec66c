import type { RawAnswer } from '../service.ts';
import { structureToJson, toJsonValue } from './encode-json.ts';
import { element, membersToXml, toXml, xmlDocument } from './encode-xml.ts';
import type { Headers } from './exchange.ts';
import type { WireOperation, WireService } from './service-table.ts';
import { isInBody, type Member, type StructureShape } from './shape.ts';
import { formatTimestamp } from './timestamps.ts';

export interface EncodedOutput {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Uint8Array;
}

type Output = Readonly<Record<string, unknown>>;

/** A whole answer. Event streams have only their head here; their frames are sent one by one. */
export function encodeOutput(
  operation: WireOperation,
  output: Output,
  request: { readonly requestId: string; readonly contentType: string | undefined },
): EncodedOutput {
  const shape = operation.output;
  switch (operation.service.protocol) {
    case 'aws-json': {
      const body = shape.kind === 'structure' ? JSON.stringify(toJsonValue(shape, output)) : '{}';
      return {
        status: 200,
        headers: { 'content-type': request.contentType ?? 'application/x-amz-json-1.1' },
        body,
      };
    }
    case 'aws-query':
      return encodeQuery(operation, output, request.requestId);
    case 'rest-json':
    case 'rest-xml':
      return shape.kind === 'structure'
        ? encodeRest(operation, shape, output)
        : { status: operation.route?.status ?? 200, headers: {}, body: '' };
  }
}

export function encodeRaw(raw: RawAnswer, contentType: string | undefined): EncodedOutput {
  const headers = { 'content-type': contentType ?? 'application/x-amz-json-1.0' };
  return { status: raw.status, headers, body: raw.body };
}

function encodeQuery(
  { name, output: shape, service }: WireOperation,
  output: Output,
  requestId: string,
): EncodedOutput {
  const inner = element(`${name}Result`, toXml(shape, output));
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  const body = `<${name}Response xmlns="${service.xmlNamespace}">${inner}${metadata}</${name}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function encodeRest(operation: WireOperation, shape: StructureShape, output: Output): EncodedOutput {
  const headers: Record<string, string> = {};
  let status = operation.route?.status ?? 200;
  for (const member of shape.members) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    if (member.binding.header !== undefined) headers[member.binding.header] = headerText(member, value);
    if (member.binding.responseCode) status = Number(value);
    const prefix = member.binding.prefixHeaders;
    if (prefix !== undefined) Object.assign(headers, prefixed(prefix, value as Record<string, string>));
  }
  if (headers['content-range'] !== undefined) status = partialContent;
  if (operation.streamMember !== undefined) {
    return {
      status,
      headers: { ...headers, 'content-type': 'application/vnd.amazon.eventstream' },
      body: '',
    };
  }
  const payload = shape.members.find((member) => member.binding.payload);
  if (operation.service.protocol === 'rest-xml') {
    const body = encodeXml(operation.service, shape, { payload, output });
    return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
  }
  const body = payload === undefined ? bodyJson(shape, output) : encodePayload(payload, output[payload.name]);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

const partialContent = 206;

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function encodeXml(
  { xmlNamespace }: WireService,
  shape: StructureShape,
  { payload, output }: { readonly payload: Member | undefined; readonly output: Output },
): string | Uint8Array {
  if (payload === undefined) {
    const members = shape.members.filter(isInBody);
    if (members.length === 0) return '';
    return xmlDocument(shape.rootName, xmlNamespace, membersToXml(members, output));
  }
  const value = output[payload.name];
  if (payload.shape.kind !== 'structure') return encodePayload(payload, value);
  return xmlDocument(payload.wireName, xmlNamespace, toXml(payload.shape, value));
}

function bodyJson(shape: StructureShape, output: Output): string {
  return JSON.stringify(structureToJson(shape.members.filter(isInBody), output));
}

function encodePayload(member: Member, value: unknown): string | Uint8Array {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  return JSON.stringify(toJsonValue(member.shape, value));
}

function headerText({ shape }: Member, value: unknown): string {
  if (value instanceof Date) {
    return String(
      formatTimestamp(value, (shape.kind === 'timestamp' ? shape.format : undefined) ?? 'http-date'),
    );
  }
  return Array.isArray(value) ? value.join(', ') : String(value);
}
