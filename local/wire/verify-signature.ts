import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { secretOf } from './access-keys.ts';
import type { ChunkSigning } from './aws-chunked.ts';
import { checkExpiry, type PresignedClaims, type SignatureClaims } from './signature-claims.ts';
import { WireError } from './wire-error.ts';

/** Clocks further apart than this make a signature invalid, as with AWS. */
const skewMsMax = 5 * 60_000;
const keysKeptMax = 20_000;

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly rawUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As sent, before content decoding. */
  readonly body: Uint8Array;
  /** Object stores sign the path encoded once, and what a header says of the body, which may be nothing. */
  readonly isObjectStore?: boolean | undefined;
}

/** Checks Signature Version 4 as AWS's front door does; throws a 403 that says what is wrong. */
export function verifySignature(
  claims: SignatureClaims | PresignedClaims,
  request: SignedRequest,
  nowMs: number,
): void {
  const presigned = 'expiresSeconds' in claims ? claims : undefined;
  const time = presigned?.time ?? request.headers['x-amz-date'] ?? '';
  const signedAtMs = checkTime(time, claims.date, {
    nowMs,
    skewMs: presigned === undefined ? skewMsMax : undefined,
  });
  if (presigned !== undefined) checkExpiry(presigned, signedAtMs, nowMs);
  if (!claims.signedHeaders.includes('host') && !claims.signedHeaders.includes(':authority')) {
    throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const canonical = canonicalRequest(claims, request, payloadHash(request, presigned !== undefined));
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scopeOf(claims)}\n${sha256(canonical)}`;
  const wanted = createHmac('sha256', signingKey(claims)).update(toSign).digest();
  if (!timingSafeEqual(wanted, Buffer.from(claims.signature, 'hex'))) {
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
}

/** The chain that the signatures of a body's chunks continue. */
export function chunkSigning(claims: SignatureClaims, time: string): ChunkSigning {
  return { key: signingKey(claims), time, scope: scopeOf(claims), seedSignature: claims.signature };
}

const scopeOf = ({ date, region, signingName }: SignatureClaims): string =>
  `${date}/${region}/${signingName}/aws4_request`;

const unsignedPayload = 'UNSIGNED-PAYLOAD';

/** What stands for the body in the signature: its hash, or in an object store what the caller says of it. */
function payloadHash({ headers, body, isObjectStore }: SignedRequest, isPresigned: boolean): string {
  if (isObjectStore !== true) return sha256(body);
  const declared = headers['x-amz-content-sha256'];
  if (isPresigned) return declared ?? unsignedPayload;
  if (declared === undefined) {
    throw new WireError(
      'InvalidRequest',
      400,
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  if (declared === unsignedPayload || declared.startsWith('STREAMING-')) return declared;
  if (declared === sha256(body)) return declared;
  throw new WireError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function checkTime(
  time: string,
  scopeDate: string,
  { nowMs, skewMs }: { readonly nowMs: number; readonly skewMs: number | undefined },
): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (match === null) throw invalidSignature(`Date must be in ISO-8601 'basic format'. Got '${time}'.`);
  const [, year, month, day, hour, minute, second] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (skewMs !== undefined && !(Math.abs(nowMs - signedAt) <= skewMs)) {
    const order = signedAt < nowMs ? 'Signature expired' : 'Signature not yet current';
    throw invalidSignature(`${order}: ${time} is more than 5 minutes from the server's time.`);
  }
  if (!time.startsWith(scopeDate)) {
    throw invalidSignature(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.`);
  }
  return signedAt;
}

function canonicalRequest(
  claims: SignatureClaims,
  { method, rawUrl, headers, isObjectStore }: SignedRequest,
  payload: string,
): string {
  const [path = '/', query = ''] = splitOnce(rawUrl, '?');
  const lines = claims.signedHeaders.map((name) => {
    const value = name === 'host' ? (headers.host ?? headers[':authority']) : headers[name];
    return `${name}:${(value ?? '').trim().replaceAll(/\s+/g, ' ')}\n`;
  });
  return [
    method,
    isObjectStore === true ? path.split('/').map(reencode).join('/') : canonicalPath(path),
    canonicalQuery(query),
    lines.join(''),
    claims.signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** Every service but S3 signs the path with each segment encoded once more. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encode(segment));
  }
  const slash = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => splitOnce(pair, '=').map(reencode))
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name = '', value = '']) => `${name}=${value}`)
    .sort()
    .join('&');
}

const signingKeys = new Map<string, Buffer>();

function signingKey({ accessKeyId, date, region, signingName }: SignatureClaims): Buffer {
  const name = `${accessKeyId}/${date}/${region}/${signingName}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  let key: Buffer = Buffer.from(`AWS4${secretOf(accessKeyId)}`);
  for (const part of [date, region, signingName, 'aws4_request']) {
    key = createHmac('sha256', key).update(part).digest();
  }
  if (signingKeys.size >= keysKeptMax) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const reencode = (text: string): string => encode(decode(text));

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function invalidSignature(message: string): WireError {
  return new WireError('InvalidSignatureException', 403, message);
}
