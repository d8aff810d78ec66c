/** Signed roots that were kept outside of AWS: what `spillway audit roots` printed. */
import * as z from 'zod';
import { isCryptoSignature } from '#adapters/system/crypto-signature.ts';
import { rootKey, type SignedRoot, signedRootText } from '#core/audit/signed-root.ts';
import type { RootSource } from '#usecases/audit/read-roots.ts';

const rootsFileSchema = z.object({
  publicKey: z.string().includes('PUBLIC KEY'),
  roots: z.array(
    z.object({
      root: z.object({
        chain: z.string(),
        sequence: z.int().min(1),
        hash: z.string(),
        signedAt: z.iso.datetime({ offset: false }),
      }),
      signature: z.string(),
    }),
  ),
});

export interface RootsFile {
  /** PEM. */
  readonly publicKey: string;
  /** Of any chain. */
  readonly roots: readonly SignedRoot[];
}

/** @throws an Error that names what is wrong with the text */
export function readRootsFile(text: string): RootsFile {
  const read = rootsFileSchema.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(problems.join('; '));
}

/** Those of one chain, as if its witness kept them. */
export function rootSourceOf({ publicKey, roots }: RootsFile, chain: string): RootSource {
  const texts = new Map(
    roots
      .filter(({ root }) => root.chain === chain)
      .map((signed) => [rootKey(signed.root), signedRootText(signed)]),
  );
  const keys = [...texts.keys()].sort();
  return {
    roots: {
      list: async () => keys.map((key) => ({ key, storedAt: 0, versions: 1, isHidden: false })),
      async read(key) {
        const text = texts.get(key);
        return text === undefined ? undefined : { text, lock: undefined };
      },
    },
    publicKey: async () => publicKey,
    isSignature: isCryptoSignature,
    isCopy: true,
  };
}
