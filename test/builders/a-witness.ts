/** A witness of audit chains with a key of its own, in memory. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createMemorySegmentStore } from '#adapters/memory/memory-segment-store.ts';
import { isCryptoSignature } from '#adapters/system/crypto-signature.ts';
import { rootKey, rootText, signedRootText } from '#core/audit/signed-root.ts';
import { chainName } from './a-chain.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const witnessKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const signatureOf = (text: string): string =>
  sign('sha256', Buffer.from(text), privateKey).toString('base64');

/** @param clock of the store @returns roots that can be damaged, what signs, and what verify asks for */
export function aWitness(clock: { now(): number }) {
  const lock = { mode: 'governance', until: '2027-11-21T00:00:00.000Z' } as const;
  const roots = createMemorySegmentStore({ clock, lock });
  return {
    roots,
    signer: { sign: async (text: string) => signatureOf(text) },
    source: { roots, publicKey: async () => witnessKey, isSignature: isCryptoSignature },
    /** Keeps a root as it would be signed of such a head. */
    async keep(
      head: { readonly sequence: number; readonly hash: string },
      signedAt: string,
      chain = chainName,
    ) {
      const root = { chain, sequence: head.sequence, hash: head.hash, signedAt };
      const key = rootKey(root);
      await roots.create(key, signedRootText({ root, signature: signatureOf(rootText(root)) }));
      return key;
    },
  };
}
