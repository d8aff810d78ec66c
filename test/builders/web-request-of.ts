import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';

/** What a shell hands to the gateway, as the web's own request: for handlers that want to read it as such. */
export function webRequestOf({ url, method, headers, signal, body }: GatewayRequest): Request {
  return new Request(url, {
    method,
    headers: [...headers].map(([name, value]): [string, string] => [name, value]),
    signal,
    ...(body === null ? {} : { body: ReadableStream.from(body), duplex: 'half' as const }),
  });
}
