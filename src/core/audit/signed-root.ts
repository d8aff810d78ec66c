/**
 * What a witness keeps of a chain, where nobody of the gateway's account reaches: how far it was, and when, signed. Whoever
 * has one and the witness's public key can tell whether the chain still holds all that it held then.
 */
import { canonicalJson } from '../plan/canonical-json.ts';

export interface ChainRoot {
  /** Name of the chain. */
  readonly chain: string;
  /** Of the last record that was sealed. */
  readonly sequence: number;
  /** Of the last line, which is a seal. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly signedAt: string;
}

export interface SignedRoot {
  readonly root: ChainRoot;
  /** ECDSA over P-256 and SHA-256 of `rootText`, DER in base64. */
  readonly signature: string;
}

/** What is signed. */
export const rootText = ({ chain, sequence, hash, signedAt }: ChainRoot): string =>
  canonicalJson({ chain, sequence, hash, signedAt });

/** As it is kept: one line. */
export const signedRootText = ({ root, signature }: SignedRoot): string =>
  `${canonicalJson({ root: { ...root }, signature })}\n`;

/** Under which the roots of a chain are kept. */
export const rootPrefix = (chain: string): string => `roots/${chain}/`;

const SEQUENCE_DIGITS = 15;

/** In the order of sequences, and of times where a chain rests. */
export function rootKey({ chain, sequence, signedAt }: Omit<ChainRoot, 'hash'>): string {
  const time = signedAt.replace(/[-:]|\.\d+/g, '');
  return `${rootPrefix(chain)}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}-${time}.json`;
}

/** What a key says of its root; the time is one of seconds. Undefined for what is no root's. */
export function placeOfRoot(key: string): Pick<ChainRoot, 'sequence' | 'signedAt'> | undefined {
  const match = /\/(\d{15})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.json$/.exec(key);
  if (match === null) return undefined;
  const [, sequence, year, month, day, hour, minute, second] = match;
  return {
    sequence: Number(sequence),
    signedAt: `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
  };
}

/** Undefined for what is no signed root. Whether the signature is the witness's is for others to say. */
export function parseSignedRoot(text: string): SignedRoot | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed) || !isRecord(parsed.root) || typeof parsed.signature !== 'string') return undefined;
  const { chain, sequence, hash, signedAt } = parsed.root;
  if (typeof chain !== 'string' || typeof hash !== 'string' || typeof signedAt !== 'string') return undefined;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  return { root: { chain, sequence, hash, signedAt }, signature: parsed.signature };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
