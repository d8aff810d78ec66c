import type { IncomingMessage } from 'node:http';

/** A caller's request, whole. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly rawUrl: string;
  readonly path: string;
  readonly query: string;
  readonly protocol: string;
  /** By lower-case name; what was sent twice is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Name and value as sent, in order. */
  readonly headerPairs: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** @returns undefined where the body is larger than it may be; what is left of it is thrown away */
export async function receiveRequest(
  request: IncomingMessage,
  bodyBytesMax: number,
): Promise<ReceivedRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  }
  if (bytes > bodyBytesMax) return undefined;
  const rawUrl = request.url ?? '/';
  const at = rawUrl.indexOf('?');
  return {
    method: request.method ?? 'GET',
    rawUrl,
    path: at < 0 ? rawUrl : rawUrl.slice(0, at),
    query: at < 0 ? '' : rawUrl.slice(at + 1),
    protocol: `HTTP/${request.httpVersion}`,
    headers: joined(request),
    headerPairs: pairsOf(request.rawHeaders),
    body: Buffer.concat(chunks),
  };
}

function joined({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  );
}

function pairsOf(rawHeaders: readonly string[]): (readonly [string, string])[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
}
