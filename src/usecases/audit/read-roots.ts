/** What the witness of a chain says of it, and what of that is not the witness's. */
import type { ChainFinding } from '#core/audit/finding.ts';
import {
  type ChainRoot,
  parseSignedRoot,
  placeOfRoot,
  rootText,
  type SignedRoot,
} from '#core/audit/signed-root.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { SignatureCheck } from '../ports/root-signer.ts';
import type { SegmentStore } from '../ports/segment-store.ts';

/** Where the roots of one chain are. */
export interface RootSource {
  readonly roots: Pick<SegmentStore, 'list' | 'read'>;
  /** The witness's, as PEM. @throws HouseError */
  publicKey(): Promise<string>;
  readonly isSignature: SignatureCheck;
  /** Kept outside of the witness's own store: what was signed later need not be there. @default false */
  readonly isCopy?: boolean;
}

export interface ReadRoots {
  /** Whose signature is the witness's, in the order of their sequences. */
  readonly signed: readonly SignedRoot[];
  readonly findings: readonly ChainFinding[];
}

/** Roots that are read at a time. */
const READ_AHEAD = 8;
/** Two days in which a witness that signs daily signed nothing. */
const OVERDUE_MS = 2 * 86_400_000;

/** @throws HouseError */
export async function readRoots(chain: string, source: RootSource): Promise<ReadRoots> {
  const listed = (await source.roots.list()).filter(({ key }) => placeOfRoot(key) !== undefined);
  if (listed.length === 0) return { signed: [], findings: [] };
  const publicKey = await source.publicKey();
  const signed: SignedRoot[] = [];
  const findings: ChainFinding[] = [];
  for (let begin = 0; begin < listed.length; begin += READ_AHEAD) {
    const some = listed.slice(begin, begin + READ_AHEAD);
    const texts = await Promise.all(some.map(({ key }) => source.roots.read(key)));
    for (const [index, { key, versions, isHidden }] of some.entries()) {
      const read = readRoot({ chain, key, text: texts[index]?.text ?? '', publicKey }, source.isSignature);
      if (typeof read === 'string') findings.push(unproved(key, read));
      else signed.push(read);
      if (versions > 1 && !isHidden) findings.push(unproved(key, 'another version was laid over it'));
    }
  }
  return { signed, findings };
}

/** The root, or what is wrong with it. */
function readRoot(
  {
    chain,
    key,
    text,
    publicKey,
  }: { readonly chain: string; readonly key: string; readonly text: string; readonly publicKey: string },
  isSignature: SignatureCheck,
): SignedRoot | string {
  const signed = parseSignedRoot(text);
  if (signed === undefined) return 'it was taken away, or is no signed root';
  const { root, signature } = signed;
  if (root.chain !== chain) return `it speaks of the chain ${root.chain}`;
  if (root.sequence !== placeOfRoot(key)?.sequence) return 'it stands under the key of another root';
  return isSignature({ publicKey, text: rootText(root), signature }) ? signed : 'the witness did not sign it';
}

const unproved = (key: string, why: string): ChainFinding => ({
  kind: 'root-unproved',
  segment: key,
  sequence: placeOfRoot(key)?.sequence,
  why,
});

/**
 * Whether the witness signs no more: what was sealed since the last root could be taken away, and nobody would see it.
 *
 * @param sealedFrom when the first of what is looked at was stored. Undefined where there is nothing
 * @param isCopy of roots that were kept, however old they are: it is bad only that there is none
 */
export function overdue(
  roots: readonly ChainRoot[],
  {
    now,
    sealedFrom,
    isCopy = false,
  }: {
    readonly now: number;
    readonly sealedFrom: number | undefined;
    readonly isCopy?: boolean | undefined;
  },
): readonly ChainFinding[] {
  const limit = isoOfInstant(Math.max(0, now - OVERDUE_MS));
  const last =
    roots
      .map(({ signedAt }) => signedAt)
      .sort()
      .at(-1) ?? '';
  if (last > limit || (isCopy && last !== '')) return [];
  if (last === '' && (sealedFrom === undefined || isoOfInstant(sealedFrom) > limit)) return [];
  const nothing = isCopy
    ? 'the roots that were kept hold none of this chain'
    : 'the witness has signed nothing yet';
  const why = last === '' ? nothing : `the witness has signed nothing since ${last}`;
  return [{ kind: 'root-overdue', why }];
}
