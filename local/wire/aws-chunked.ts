import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { WireError } from './wire-error.ts';

/** A body that came in pieces, each perhaps with a signature of its own, and with headers behind it. */
export interface ChunkedBody {
  readonly body: Buffer;
  readonly chunks: readonly { readonly data: Buffer; readonly signature: string | undefined }[];
  readonly trailers: Readonly<Record<string, string>>;
  readonly trailerSignature: string | undefined;
}

/** What chunk signatures hang on: each signs the one before it, the first one the request's. */
export interface ChunkSigning {
  readonly key: Buffer;
  readonly time: string;
  readonly scope: string;
  readonly seedSignature: string;
}

const lineEnd = '\r\n';
const lineBytesMax = 1024;
const chunkHead = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const trailerSignatureName = 'x-amz-trailer-signature';

/**
 * Takes the framing of `Content-Encoding: aws-chunked` off the body of a request. Trailers that the request's head does
 * not announce are refused: they are not signed with it. Throws IncompleteBody (400).
 */
export function readChunkedBody(
  raw: Buffer,
  headers: Readonly<Record<string, string | undefined>>,
): ChunkedBody {
  const chunked = decodeAwsChunked(raw);
  const announced = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const other = Object.keys(chunked.trailers).find((name) => !announced.includes(name));
  if (other !== undefined) throw incompleteBody(`the trailer ${other} is not announced`);
  const length = headers['x-amz-decoded-content-length'];
  if (length === undefined || Number(length) === chunked.body.length) return chunked;
  throw incompleteBody(`it has ${chunked.body.length} bytes and says ${length}`);
}

function decodeAwsChunked(raw: Buffer): ChunkedBody {
  const chunks: { data: Buffer; signature: string | undefined }[] = [];
  let at = 0;
  for (;;) {
    const { line, next } = readLine(raw, at);
    const [, size, signature] = chunkHead.exec(line) ?? [];
    if (size === undefined) throw incompleteBody(`a chunk begins with '${line}'`);
    const end = next + Number.parseInt(size, 16);
    if (end > raw.length) throw incompleteBody('its last chunk is cut');
    chunks.push({ data: raw.subarray(next, end), signature });
    at = end;
    if (end === next) break;
    if (raw.toString('latin1', at, at + lineEnd.length) !== lineEnd) {
      throw incompleteBody('a chunk is longer than it says');
    }
    at += lineEnd.length;
  }
  const { [trailerSignatureName]: trailerSignature, ...trailers } = readTrailers(raw, at);
  return { body: Buffer.concat(chunks.map(({ data }) => data)), chunks, trailers, trailerSignature };
}

function readLine(raw: Buffer, at: number): { line: string; next: number } {
  const end = raw.indexOf(lineEnd, at, 'latin1');
  if (end < 0 || end - at > lineBytesMax) throw incompleteBody('a chunk has no head');
  return { line: raw.toString('latin1', at, end), next: end + lineEnd.length };
}

function readTrailers(raw: Buffer, at: number): Record<string, string> {
  const lines = raw.toString('latin1', at, at + lineBytesMax).split(/\r?\n/);
  const named = lines.filter((line) => line.includes(':')).map((line) => line.split(/:(.*)/s));
  return Object.fromEntries(named.map(([name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

/** Checks every chunk's signature and the trailer's; throws SignatureDoesNotMatch (403) at the first wrong one. */
export function verifyChunks(
  { chunks, trailers, trailerSignature }: ChunkedBody,
  signing: ChunkSigning,
): void {
  let previous = signing.seedSignature;
  for (const { data, signature } of chunks) {
    const wanted = [
      'AWS4-HMAC-SHA256-PAYLOAD',
      signing.time,
      signing.scope,
      previous,
      sha256(''),
      sha256(data),
    ];
    checkSignature(wanted, signature, signing.key);
    previous = signature ?? '';
  }
  const names = Object.keys(trailers).sort();
  if (names.length === 0) return;
  const canonical = names.map((name) => `${name}:${trailers[name]}\n`).join('');
  const wanted = ['AWS4-HMAC-SHA256-TRAILER', signing.time, signing.scope, previous, sha256(canonical)];
  checkSignature(wanted, trailerSignature, signing.key);
}

function checkSignature(lines: readonly string[], given: string | undefined, key: Buffer): void {
  const wanted = createHmac('sha256', key).update(lines.join('\n')).digest();
  const bytes = Buffer.from(given ?? '', 'hex');
  if (bytes.length === wanted.length && timingSafeEqual(wanted, bytes)) return;
  throw new WireError('SignatureDoesNotMatch', 403, 'The signature of a chunk of the body does not match.');
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function incompleteBody(why: string): WireError {
  return new WireError('IncompleteBody', 400, `The aws-chunked body cannot be read: ${why}.`);
}
