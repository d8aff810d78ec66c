import { WireError } from './wire-error.ts';

/** What a signature claims, before it is checked. */
export interface SignatureClaims {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly signingName: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What the query of a presigned URL adds to the claims of a signature. */
export interface PresignedClaims extends SignatureClaims {
  /** As X-Amz-Date says it. */
  readonly time: string;
  readonly expiresSeconds: number;
  readonly sessionToken: string | undefined;
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([\w+=,.@-]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9.-]+)\/aws4_request, ?SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})$/;

/** Reads an Authorization header. `undefined` where there is none. */
export function readClaims(header: string | undefined): SignatureClaims | undefined {
  if (header === undefined) return undefined;
  const match = authorization.exec(header);
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', signingName = '', signedHeaders = '', signature = ''] =
    match;
  return { accessKeyId, date, region, signingName, signedHeaders: signedHeaders.split(';'), signature };
}

const credential = /^([\w+=,.@-]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9.-]+)\/aws4_request$/;
/** Seven days, AWS's own bound. */
const expiresSecondsMax = 604_800;

/** Reads the claims of a presigned URL. `undefined` where the query holds none. */
export function readPresigned(rawUrl: string): PresignedClaims | undefined {
  const at = rawUrl.indexOf('?');
  if (at < 0 || !rawUrl.includes('X-Amz-Algorithm=')) return undefined;
  const query = new URLSearchParams(rawUrl.slice(at + 1));
  const [, accessKeyId, date, region, signingName] =
    credential.exec(query.get('X-Amz-Credential') ?? '') ?? [];
  const signature = query.get('X-Amz-Signature') ?? '';
  const expiresSeconds = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  const isWhole =
    query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' &&
    /^[0-9a-f]{64}$/.test(signature) &&
    expiresSeconds > 0 &&
    expiresSeconds <= expiresSecondsMax;
  if (!isWhole || accessKeyId === undefined || date === undefined) return undefined;
  return {
    accessKeyId,
    date,
    region: region ?? '',
    signingName: signingName ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature,
    time: query.get('X-Amz-Date') ?? '',
    expiresSeconds,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
  };
}

/** Refuses a URL after its time. */
export function checkExpiry(
  { time, expiresSeconds }: PresignedClaims,
  signedAtMs: number,
  nowMs: number,
): void {
  if (nowMs <= signedAtMs + expiresSeconds * 1000) return;
  throw new WireError(
    'AccessDenied',
    403,
    `Request has expired: signed ${time} for ${expiresSeconds} seconds.`,
  );
}
