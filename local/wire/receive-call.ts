import type { JournalEntry } from '../control/journal.ts';
import { accountOfKey } from './access-keys.ts';
import { authenticate, type Identity } from './authenticate.ts';
import { type ChunkedBody, readChunkedBody } from './aws-chunked.ts';
import { decodeInput, decodeLabels } from './decode-input.ts';
import { decodeContent, type Exchange } from './exchange.ts';
import { pathWithBucket } from './find-in-store.ts';
import type { OperationFinder } from './find-operation.ts';
import type { FoundOperation, RequestLine } from './found-operation.ts';
import type { Protocol, WireOperation, WireService } from './service-table.ts';
import { readClaims, readPresigned } from './signature-claims.ts';

/** A call as far as it could be read. `problem` is the first thing wrong with it; faults come before it. */
export interface ReceivedCall {
  readonly line: RequestLine;
  readonly service: WireService | undefined;
  readonly protocol: Protocol;
  readonly operation: WireOperation | undefined;
  readonly identity: Identity | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly problem: unknown;
}

/** Reads, authenticates and decodes a request, and writes into its journal entry what it claims to be. */
export async function receiveCall(
  exchange: Exchange,
  finder: OperationFinder,
  entry: JournalEntry,
): Promise<ReceivedCall> {
  const claims = readClaims(exchange.headers.authorization) ?? readPresigned(exchange.rawUrl);
  entry.account = (claims && accountOfKey(claims.accessKeyId)) ?? null;
  entry.region = claims?.region ?? null;
  const store = finder.objectStore(claims?.signingName);
  const read = store === undefined ? await readLine(exchange) : await readStoreLine(exchange);
  const { line, raw, unread, undecoded, chunked } = read;
  const found = finder.find(line, claims?.signingName);
  const service = found?.operation.service ?? finder.serviceSigning(claims?.signingName, line);
  entry.service = service?.name ?? 'unknown';
  entry.operation = found?.operation.name ?? 'unknown';
  const base = {
    line,
    service,
    protocol: service?.protocol ?? protocolOf(line),
    operation: found?.operation,
  };
  const verified = attempt(() => authenticate(exchange, { claims, raw, service, chunked }));
  const decoded = attempt(() => {
    if (undecoded !== undefined) throw undecoded;
    return found === undefined ? {} : decodeInput(found, line);
  });
  if (found !== undefined) describe(entry, found, decoded.value ?? decodeLabels(found));
  return {
    ...base,
    identity: verified.value,
    input: decoded.value ?? {},
    problem: unread ?? verified.problem ?? (found?.operation.run === undefined ? undefined : decoded.problem),
  };
}

function attempt<T>(run: () => T): { readonly value?: T; readonly problem?: unknown } {
  try {
    return { value: run() };
  } catch (problem) {
    return { problem };
  }
}

async function attemptAsync<T>(
  run: () => Promise<T>,
): Promise<{ readonly value?: T; readonly problem?: unknown }> {
  try {
    return { value: await run() };
  } catch (problem) {
    return { problem };
  }
}

interface ReadLine {
  readonly line: RequestLine;
  readonly raw: Buffer;
  /** Why the body could not be taken in, or not be unpacked. */
  readonly unread?: unknown;
  readonly undecoded?: unknown;
  /** The body in its pieces, where it came in some. */
  readonly chunked?: ChunkedBody | undefined;
}

/** The request with its body; what is wrong with the body stands beside it, so that the call is still journalled. */
async function readLine(exchange: Exchange): Promise<ReadLine> {
  const { method, headers } = exchange;
  const { path, query } = splitUrl(exchange);
  const read = await attemptAsync(() => exchange.readBody());
  const raw = read.value ?? Buffer.alloc(0);
  const unpacked = await attemptAsync(() => decodeContent(raw, headers['content-encoding']));
  const line = { method, path, query, headers, body: unpacked.value ?? raw };
  return { line, raw, unread: read.problem, undecoded: unpacked.problem };
}

/**
 * The same of a call to an object store: there a content encoding belongs to the object and stays, but for the framing
 * of bodies that are sent in chunks, whose trailers count as headers.
 */
async function readStoreLine(exchange: Exchange): Promise<ReadLine> {
  const { method, headers } = exchange;
  const { path, query } = splitUrl(exchange);
  const read = await attemptAsync(() => exchange.readBody());
  const raw = read.value ?? Buffer.alloc(0);
  const isChunked = headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  const { value: chunked, problem } = attempt(() => (isChunked ? readChunkedBody(raw, headers) : undefined));
  const encodings = headers['content-encoding']?.split(',').map((name) => name.trim());
  const kept = encodings?.filter((name) => name !== 'aws-chunked').join(', ');
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  const line = {
    method,
    path: pathWithBucket(path, headers.host ?? headers[':authority']),
    query,
    headers: {
      ...headers,
      ...chunked?.trailers,
      'content-encoding': kept === '' ? undefined : kept,
      'content-length': length,
    },
    body: chunked?.body ?? raw,
  };
  return { line, raw, unread: read.problem, undecoded: problem, chunked };
}

function splitUrl({ rawUrl }: Exchange): { path: string; query: URLSearchParams } {
  const at = rawUrl.indexOf('?');
  return {
    path: at < 0 ? rawUrl : rawUrl.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : rawUrl.slice(at + 1)),
  };
}

function protocolOf({ headers }: RequestLine): Protocol {
  if (headers['x-amz-target'] !== undefined) return 'aws-json';
  return (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
    ? 'aws-query'
    : 'rest-json';
}

/** Target and reach are journalled before a call runs, so that they stand also where a fault kills it. */
function describe(
  entry: JournalEntry,
  { operation }: FoundOperation,
  input: Readonly<Record<string, unknown>>,
): void {
  const { definition } = operation.service;
  entry.target = definition.targetOf?.(operation.name, input) ?? null;
  if (entry.account === null || entry.region === null) return;
  const place = { account: entry.account, region: entry.region };
  const facts = definition.reachOf?.(operation.name, input, place);
  entry.reach = facts?.reach ?? [];
  entry.servedRegion = facts?.servedRegion ?? null;
}
