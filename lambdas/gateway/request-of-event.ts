/** API Gateway's and function URLs' events as web-standard requests. */
import { houseError } from '#core/errors/catalogue.ts';

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
  readonly headers: Headers;
}

/** Requests are told apart by path alone; the name of the front door says nothing. */
const ORIGIN = 'http://gateway.invalid';

/** @throws HouseError `invalid_event` when it is neither payload */
export function requestOfEvent(input: unknown, signal: AbortSignal): Request {
  const event = (typeof input === 'object' && input !== null ? input : {}) as GatewayEvent;
  const { method, path, query, headers } =
    event.version === '2.0' ? partsOfPayload2(event) : partsOfProxy(event);
  const url = URL.parse(`${ORIGIN}${path}${query === '' ? '' : `?${query}`}`);
  if (url === null || !path.startsWith('/')) throw invalidEvent('its path is not a path');
  const hasBody =
    method !== 'GET' && method !== 'HEAD' && typeof event.body === 'string' && event.body !== '';
  try {
    return new Request(url, { method, headers, signal, ...(hasBody ? { body: bodyOf(event) } : {}) });
  } catch (error) {
    throw invalidEvent(
      `it holds no valid request: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
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

function headersOf(input: unknown): Headers {
  const headers = new Headers();
  for (const [name, value] of pairs(input)) {
    try {
      headers.append(name, value);
    } catch {
      throw invalidEvent(`its header ${JSON.stringify(name)} is not a valid one`);
    }
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

function bodyOf(event: GatewayEvent): string | Uint8Array<ArrayBuffer> {
  const text = String(event.body);
  return event.isBase64Encoded === true ? new Uint8Array(Buffer.from(text, 'base64')) : text;
}

function invalidEvent(what: string): Error {
  return houseError('invalid_event', { message: `the event is no HTTP request: ${what}` });
}
