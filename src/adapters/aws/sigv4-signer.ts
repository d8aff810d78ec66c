/**
 * Signs one upstream request with Signature Version 4, for exactly the address that it is sent to.
 *
 * Written here and not taken from the SDK, because it is a tenth of what a request costs there; a test holds it to what
 * the real SDK signs.
 */
import { createHmac, hash } from 'node:crypto';
import { invariant } from '#core/units/invariant.ts';
import { pathSegment, type UpstreamAddress } from './upstream-address.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they stop working; absent for long-lived keys. */
  readonly expiration?: Date;
}

export interface UnsignedRequest {
  readonly address: UpstreamAddress;
  /** Percent-encoded once; the signature covers it encoded again, as every service but S3 wants. */
  readonly path: string;
  /** Lower-case names. All of them are signed, with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Headers to send, the signature among them. */
export function signUpstreamRequest(
  request: UnsignedRequest,
  credentials: AwsCredentials,
  at: Date,
): Record<string, string> {
  const { address } = request;
  const isAwsHost = /\.amazonaws\.(com|com\.cn|eu)$/.test(address.host);
  invariant(
    !isAwsHost || address.host.includes(`.${address.region}.`),
    () => `a call to ${address.host} must not be signed for ${address.region}`,
  );
  const time = basicTime(at);
  const bodyHash = hash('sha256', request.body, 'hex');
  const headers: Record<string, string> = {
    ...request.headers,
    host: address.host,
    'x-amz-date': time,
    'x-amz-content-sha256': bodyHash,
  };
  if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
  const names = Object.keys(headers).sort();
  let lines = '';
  for (const name of names) lines += `${name}:${canonicalValue(headers[name] ?? '')}\n`;
  const signedHeaders = names.join(';');
  const canonical = `POST\n${canonicalPath(request.path)}\n\n${lines}\n${signedHeaders}\n${bodyHash}`;
  const scope = `${time.slice(0, 8)}/${address.region}/${address.signingName}/aws4_request`;
  const toSign = `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  const signature = signingKey(credentials, scope).sign(toSign);
  headers.authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return headers;
}

function canonicalValue(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replace(/ +/g, ' ') : trimmed;
}

/** ISO 8601's basic format, to the second. */
function basicTime(at: Date): string {
  const second = Math.floor(at.getTime() / 1000);
  if (second !== lastTime.second) {
    const text = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
    lastTime = { second, text };
  }
  return lastTime.text;
}

/** Thousands of calls have the same. */
let lastTime = { second: Number.NaN, text: '' };

/** By path as it is sent: few targets are called again and again. */
const canonicalPaths = new Map<string, string>();
const PATHS_MAX = 1_000;

function canonicalPath(path: string): string {
  const known = canonicalPaths.get(path);
  if (known !== undefined) return known;
  if (canonicalPaths.size >= PATHS_MAX) canonicalPaths.clear();
  const canonical = path.split('/').map(pathSegment).join('/');
  canonicalPaths.set(path, canonical);
  return canonical;
}

/**
 * HMAC-SHA-256 under one key (RFC 2104), with the key's two blocks made once: Node's own makes an object and two contexts
 * for every text, at twice the price.
 */
class SigningKey {
  /** The inner block, and room for a text behind it. */
  readonly #inner = Buffer.alloc(BLOCK_BYTES + TEXT_BYTES_MAX, 0x36);
  /** The outer block, and the inner digest behind it. */
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);

  constructor(bytes: Buffer) {
    for (const [index, byte] of bytes.entries()) {
      this.#inner[index] = byte ^ 0x36;
      this.#outer[index] = byte ^ 0x5c;
    }
  }

  /** @param text in ASCII @returns the signature in hex */
  sign(text: string): string {
    invariant(text.length <= TEXT_BYTES_MAX, 'what is signed is as long as a scope and a digest');
    const end = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES, 'latin1');
    this.#outer.write(hash('sha256', this.#inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', this.#outer, 'hex');
  }
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const TEXT_BYTES_MAX = 512;

/** Keys by scope, as long as their credentials live: a key holds for a day, a region and a service. */
const keysOf = new WeakMap<AwsCredentials, Map<string, SigningKey>>();
/** A day's regions and services; beyond it old days go. */
const KEYS_MAX = 128;

function signingKey(credentials: AwsCredentials, scope: string): SigningKey {
  const keys = keysOf.get(credentials) ?? new Map<string, SigningKey>();
  keysOf.set(credentials, keys);
  const known = keys.get(scope);
  if (known !== undefined) return known;
  if (keys.size >= KEYS_MAX) keys.clear();
  let bytes: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`, 'utf8');
  for (const part of scope.split('/')) bytes = createHmac('sha256', bytes).update(part).digest();
  const key = new SigningKey(bytes);
  keys.set(scope, key);
  return key;
}
