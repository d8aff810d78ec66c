/**
 * A Node request as the gateway reads it: as the web's `Request` would have it, without its price. The body is taken from
 * the socket as it is read, never held whole.
 */
import type { IncomingMessage } from 'node:http';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';
import { isHeader, RequestHeaders } from '#usecases/gateway/request-headers.ts';
import { BodyReader } from './body-reader.ts';

/** A request that Node lets pass and that is no request for the gateway. The caller gets the status with this message. */
export class UnservableRequest extends Error {
  override readonly name = 'UnservableRequest';
  readonly status: 400 | 405 | 417;
  readonly code: 'invalid_request' | 'method_not_allowed';
  constructor(status: 400 | 405 | 417, message: string) {
    super(message);
    this.status = status;
    this.code = status === 405 ? 'method_not_allowed' : 'invalid_request';
  }
}

/** Methods that the web's `Request` refuses to hold. */
const refusedMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

export interface WebRequestOptions {
  /** Scheme, host and port of this server: what a caller writes in `Host` is not believed. */
  readonly origin: string;
  readonly signal: AbortSignal;
  /** As `GatewayRequest` has it. */
  readonly draining?: AbortSignal | undefined;
  /** Called when the body is first read: the moment for `100 Continue`. */
  readonly onFirstRead: () => void;
  /** As `BodyReader` asks it. */
  readonly takesBytes?: ((bytes: number) => boolean) | undefined;
}

/** @throws UnservableRequest */
export function webRequest(incoming: IncomingMessage, options: WebRequestOptions): GatewayRequest {
  const method = incoming.method ?? 'GET';
  if (refusedMethods.has(method)) throw new UnservableRequest(405, `the method ${method} is not served here`);
  const headers = sentHeaders(incoming);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return {
    method,
    url: requestUrl(incoming.url ?? '/', options.origin),
    headers,
    signal: options.signal,
    draining: options.draining,
    body: hasBody ? new BodyReader(incoming, options.onFirstRead, options.takesBytes) : null,
  };
}

/** A path that stands in a URL as it was sent: without dots, escapes and a question, as most are. */
const plainPath = /^\/[a-zA-Z0-9/_-]*$/;

function requestUrl(target: string, origin: string): string {
  if (plainPath.test(target)) return origin + target;
  // Origin-form only: `*` and the absolute form are for servers and proxies that we are not.
  if (!target.startsWith('/'))
    throw new UnservableRequest(400, 'the request target must be a path that begins with /');
  const url = URL.parse(origin + target);
  if (url === null) throw new UnservableRequest(400, 'the request target is not a valid path');
  return url.href;
}

function sentHeaders({ rawHeaders, httpVersion }: IncomingMessage): RequestHeaders {
  const headers = new RequestHeaders();
  let hosts = 0;
  let authorities = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'host') hosts += 1;
    if (name === ':authority') authorities += 1;
    if (name === 'expect' && value.toLowerCase() !== '100-continue')
      throw new UnservableRequest(417, 'the only expectation that is met here is 100-continue');
    if (name === 'transfer-encoding' && (httpVersion === '1.0' || value.toLowerCase() !== 'chunked'))
      throw new UnservableRequest(400, 'the only transfer coding taken here is chunked, of HTTP/1.1');
    if (name.startsWith(':')) continue;
    checkHeader(name, value);
    headers.append(name, value);
  }
  checkHosts(Math.max(hosts, authorities), httpVersion);
  return headers;
}

/** RFC 9112, 3.2: without a host, or with two, whoever stands in front may have read another request than we did. */
function checkHosts(hosts: number, httpVersion: string): void {
  // HTTP/2 has the host among its pseudo-headers, and Node refuses a request without it or with two.
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0'))
    throw new UnservableRequest(400, 'the request must have exactly one Host header');
}

function checkHeader(name: string, value: string): void {
  if (isHeader(name, value)) return;
  throw new UnservableRequest(
    400,
    `the header ${JSON.stringify(name)} has a name or a value that HTTP does not allow`,
  );
}
