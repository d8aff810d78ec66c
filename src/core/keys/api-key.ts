/**
 * core/keys: what an API key looks like, what it is at an instant, and what it lets its holder do.
 *
 * Invariant: a key narrows what its tenant may do and never widens it. The folder owns no state, and nothing here
 * keeps or compares a secret.
 *
 *     sk-spillway-4k9x0c2m7qwe-<43 characters>-<6 characters>
 *     └ prefix    └ key id     └ secret        └ CRC-32 of all before it
 */
import { crc32 } from '../units/crc-32.ts';
import { invariant } from '../units/invariant.ts';

/** What secret scanners look for. */
const PREFIX = 'sk-spillway-';
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ID_BASE = 36;
const ID_CHARACTERS = 12;
const SECRET_BASE = 62;
/** 62⁴³ > 2²⁵⁶ > 62⁴². */
const SECRET_CHARACTERS = 43;
/** 62⁶ > 2³². */
const CHECKSUM_CHARACTERS = 6;

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const encoder = new TextEncoder();
/** What `formatApiKey` takes, in bytes: an id that is public, and 256 bits that are not. */
export const apiKeyBytes = { id: ID_BYTES, secret: SECRET_BYTES } as const;

export const keyIdPattern = /^[0-9a-z]{12}$/;
const bodyPattern = /^([0-9a-z]{12})-[0-9A-Za-z]{43}$/;

export interface NewApiKey {
  /** The whole secret: to be shown once and kept nowhere. */
  readonly key: string;
  readonly keyId: string;
}

/** A key of these bytes, which must come from a source that nobody can foretell. */
export function formatApiKey(bytes: { readonly id: Uint8Array; readonly secret: Uint8Array }): NewApiKey {
  invariant(bytes.id.length === ID_BYTES, `a key id is made of ${ID_BYTES} bytes`);
  invariant(bytes.secret.length === SECRET_BYTES, `a key's secret is made of ${SECRET_BYTES} bytes`);
  const keyId = inBase(bytes.id, ID_BASE, ID_CHARACTERS);
  const signed = `${PREFIX}${keyId}-${inBase(bytes.secret, SECRET_BASE, SECRET_CHARACTERS)}`;
  return { key: `${signed}-${checksumOf(signed)}`, keyId };
}

/** `damaged`: it has our prefix and is no key of ours, so nobody can have been given it. `foreign`: another form. */
export type ReadApiKey =
  | { readonly kind: 'spillway'; readonly keyId: string }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'foreign' };

/** Tells a mistyped or cut-off key from one that is worth a look-up. Says nothing of whether the key is known. */
export function readApiKey(text: string): ReadApiKey {
  if (!text.startsWith(PREFIX)) return { kind: 'foreign' };
  const split = text.length - CHECKSUM_CHARACTERS - 1;
  const keyId = bodyPattern.exec(text.slice(PREFIX.length, split))?.[1];
  if (keyId === undefined) return { kind: 'damaged' };
  const signed = text.slice(0, split);
  return text.slice(split) === `-${checksumOf(signed)}` ? { kind: 'spillway', keyId } : { kind: 'damaged' };
}

function checksumOf(signed: string): string {
  return digitsOf(BigInt(crc32(encoder.encode(signed))), SECRET_BASE, CHECKSUM_CHARACTERS);
}

function inBase(bytes: Uint8Array, base: number, characters: number): string {
  const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return digitsOf(number, base, characters);
}

/** The last `characters` digits: all of them, except that an id's 64 bits are cut to 36¹² values. */
function digitsOf(number: bigint, base: number, characters: number): string {
  let rest = number;
  let text = '';
  for (let index = 0; index < characters; index += 1) {
    text = (DIGITS[Number(rest % BigInt(base))] ?? '') + text;
    rest /= BigInt(base);
  }
  return text;
}
