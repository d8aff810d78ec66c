import { commonErrorStatus } from './common-errors.ts';
import { structureToJson } from './encode-json.ts';
import { element, escapeXml, xmlDocument } from './encode-xml.ts';
import type { Headers } from './exchange.ts';
import type { ErrorShape, Protocol, WireService } from './service-table.ts';
import { InvalidInput, WireError } from './wire-error.ts';

export interface EncodedError {
  readonly name: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Not an answer that AWS would model: a defect of the stand-in, to be logged. */
  readonly defect: boolean;
}

/** The call that ended with an error. */
interface FailedCall {
  readonly service: WireService | undefined;
  readonly protocol: Protocol;
  readonly requestId: string;
}

interface NamedError {
  readonly name: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly message: string;
  readonly queryCode: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly defect: boolean;
}

/** How query services call what the others call otherwise. */
const queryNames: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  SerializationException: 'MalformedInput',
  ThrottlingException: 'Throttling',
  AccessDeniedException: 'AccessDenied',
};

/** How object stores call it. */
const storeNames: Readonly<Record<string, string>> = {
  ...queryNames,
  UnrecognizedClientException: 'InvalidAccessKeyId',
  MissingAuthenticationTokenException: 'AccessDenied',
  IncompleteSignature: 'AuthorizationHeaderMalformed',
  ExpiredTokenException: 'ExpiredToken',
  SerializationException: 'MalformedXML',
  ThrottlingException: 'SlowDown',
  ValidationException: 'InvalidArgument',
  RequestEntityTooLargeException: 'EntityTooLarge',
  UnknownOperationException: 'NotImplemented',
  InternalFailure: 'InternalError',
};

/** Encodes whatever a call ended with, in the protocol of its service. What is not modelled leaks nothing. */
export function encodeError(error: unknown, { service, protocol, requestId }: FailedCall): EncodedError {
  const named = nameError(error, service);
  const retryAfter: Headers =
    named.retryAfterSeconds === undefined ? {} : { 'retry-after': String(named.retryAfterSeconds) };
  const { status, defect } = named;
  if (protocol === 'aws-query') {
    const name = queryNames[named.name] ?? named.queryCode;
    const headers = { ...retryAfter, 'content-type': 'text/xml' };
    return { name, status, defect, headers, body: errorXml({ ...named, name }, requestId, service) };
  }
  if (protocol === 'rest-xml') {
    const name = storeNames[named.name] ?? named.name;
    const headers = { ...retryAfter, 'content-type': 'application/xml' };
    return { name, status, defect, headers, body: storeErrorXml({ ...named, name }, requestId) };
  }
  const body = { ...named.members };
  if (body.message === undefined && body.Message === undefined) body.message = named.message;
  if (protocol === 'rest-json') {
    const headers = { ...retryAfter, 'content-type': 'application/json', 'x-amzn-errortype': named.name };
    return { name: named.name, status, defect, headers, body: JSON.stringify(body) };
  }
  const namespace = service?.errors.has(named.name) ? service.namespace : 'com.amazon.coral.service';
  const headers: Record<string, string> = { ...retryAfter, 'content-type': 'application/x-amz-json-1.0' };
  if (service?.queryCompatible) headers['x-amzn-query-error'] = `${named.queryCode};${blame(named.fault)}`;
  const json = JSON.stringify({ __type: `${namespace}#${named.name}`, ...body });
  return { name: named.name, status, defect, headers, body: json };
}

/** The name under which a service refuses input that breaks its shapes. */
function validationErrorName(service: WireService | undefined, protocol: Protocol): string {
  if (service?.errors.has('ValidationException')) return 'ValidationException';
  return service?.errors.has('ValidationError') || protocol === 'aws-query'
    ? 'ValidationError'
    : 'ValidationException';
}

/** Status of an error name at a service: modelled there, or common to all. */
function statusOf(name: string, service: WireService | undefined): number {
  return service?.errors.get(name)?.status ?? commonErrorStatus[name] ?? 400;
}

function nameError(error: unknown, service: WireService | undefined): NamedError {
  if (error instanceof InvalidInput) {
    const name = validationErrorName(service, service?.protocol ?? 'rest-json');
    return plain({ name, status: statusOf(name, service), message: error.message }, service);
  }
  if (error instanceof WireError) {
    const found = plain(error, service);
    return { ...found, retryAfterSeconds: error.retryAfterSeconds };
  }
  const modelled = error instanceof Error ? service?.errors.get(error.name) : undefined;
  if (modelled === undefined)
    return { ...plain({ name: 'InternalFailure', status: 500, message: '' }, service), defect: true };
  const thrown = error as Error & Record<string, unknown>;
  return {
    ...plain({ ...modelled, message: thrown.message }, service),
    members: membersOf(modelled, thrown),
  };
}

function plain(
  {
    name,
    status,
    message,
    members,
  }: { name: string; status: number; message: string; members?: Readonly<Record<string, unknown>> },
  service: WireService | undefined,
): NamedError {
  const modelled = service?.errors.get(name);
  return {
    name,
    status,
    fault: status >= 500 ? 'server' : 'client',
    message: message === '' ? 'The request processing has failed because of an unknown error.' : message,
    queryCode: modelled?.queryCode ?? name,
    members: modelled === undefined ? {} : membersOf(modelled, { ...members, message }),
    retryAfterSeconds: undefined,
    defect: false,
  };
}

function membersOf(
  { shape }: ErrorShape,
  thrown: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const message = thrown.message ?? thrown.Message;
  return structureToJson(shape.members, { ...thrown, message, Message: message });
}

const blame = (fault: 'client' | 'server'): string => (fault === 'client' ? 'Sender' : 'Receiver');

function storeErrorXml({ name, message }: NamedError, requestId: string): string {
  const code = element('Code', escapeXml(name));
  const text = element('Message', escapeXml(message));
  return xmlDocument('Error', '', `${code}${text}${element('RequestId', requestId)}`);
}

function errorXml(error: NamedError, requestId: string, service: WireService | undefined): string {
  const inner =
    element('Type', blame(error.fault)) +
    element('Code', escapeXml(error.name)) +
    element('Message', escapeXml(error.message));
  const xmlns = escapeXml(service?.xmlNamespace ?? '');
  return `<ErrorResponse xmlns="${xmlns}">${element('Error', inner)}${element('RequestId', requestId)}</ErrorResponse>`;
}
