/** API Gateway's and function URLs' events as requests of the gateway, held to what the web's `Request` holds them to. */
import { houseError } from '#core/errors/catalogue.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';
import { isHeader, RequestHeaders } from '#usecases/gateway/request-headers.ts';
import { principalOfEvent } from './principal-of-event.ts';

/** The parts of both payloads that are read. REST proxy events have `httpMethod`, payload 2.0 has `version`. */
interface GatewayEvent {
  readonly version?: unknown;
  readonly httpMethod?: unknown;
  readonly path?: unknown;
  readonly rawPath?: unknown;
  readonly rawQueryString?: unknown;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly multiValueQueryStringParameters?: unknown;
  readonly queryStringParameters?: unknown;
  readonly requestContext?: { readonly http?: { readonly method?: unknown } };
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

interface EventParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
}

/** Requests are told apart by path alone; the name of the front door says nothing. */
const ORIGIN = 'http://gateway.invalid';

const methodPattern = /^[A-Z]+$/;
/** Methods that the web's `Request` refuses to hold. */
const refusedMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** @throws HouseError `invalid_event` when it is neither payload */
export function requestOfEvent(input: unknown, signal: AbortSignal): GatewayRequest {
  const event = (typeof input === 'object' && input !== null ? input : {}) as GatewayEvent;
  const { method, path, query, headers } =
    event.version === '2.0' ? partsOfPayload2(event) : partsOfProxy(event);
  if (!methodPattern.test(method) || refusedMethods.has(method)) {
    throw invalidEvent(`its method ${JSON.stringify(method)} is not served`);
  }
  const url = URL.parse(`${ORIGIN}${path}${query === '' ? '' : `?${query}`}`);
  if (url === null || !path.startsWith('/')) throw invalidEvent('its path is not a path');
  const hasBody =
    method !== 'GET' && method !== 'HEAD' && typeof event.body === 'string' && event.body !== '';
  const body = hasBody ? inOnePiece(bodyOf(event)) : null;
  return { method, url: url.href, headers, signal, body, principal: principalOfEvent(input) };
}

function partsOfPayload2(event: GatewayEvent): EventParts {
  const method = event.requestContext?.http?.method;
  if (typeof method !== 'string' || typeof event.rawPath !== 'string') {
    throw invalidEvent('payload 2.0 needs rawPath and requestContext.http.method');
  }
  const query = typeof event.rawQueryString === 'string' ? event.rawQueryString : '';
  return { method, path: event.rawPath, query, headers: headersOf(event.headers) };
}

function partsOfProxy(event: GatewayEvent): EventParts {
  if (typeof event.httpMethod !== 'string' || typeof event.path !== 'string') {
    throw invalidEvent('it has neither version 2.0 nor httpMethod and path');
  }
  const query = new URLSearchParams();
  for (const [name, value] of pairs(event.multiValueQueryStringParameters ?? event.queryStringParameters)) {
    query.append(name, value);
  }
  return {
    method: event.httpMethod,
    // Decoded by API Gateway, so it may hold what a URL may not.
    path: encodeURI(event.path),
    query: query.toString(),
    headers: headersOf(event.multiValueHeaders ?? event.headers),
  };
}

function headersOf(input: unknown): RequestHeaders {
  const headers = new RequestHeaders();
  for (const [name, value] of pairs(input)) {
    const key = name.toLowerCase();
    if (!isHeader(key, value)) throw invalidEvent(`its header ${JSON.stringify(name)} is not a valid one`);
    headers.append(key, value.trim());
  }
  return headers;
}

/** Name and value of each string, whether the event holds one value or a list for a name. */
function pairs(input: unknown): readonly (readonly [string, string])[] {
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((single) => typeof single === 'string')
      .map((single) => [name, single] as const),
  );
}

function bodyOf(event: GatewayEvent): Uint8Array {
  return Buffer.from(String(event.body), event.isBase64Encoded === true ? 'base64' : 'utf8');
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function invalidEvent(what: string): Error {
  return houseError('invalid_event', { message: `the event is no HTTP request: ${what}` });
}
