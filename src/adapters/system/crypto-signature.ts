/** Signatures with the platform's own implementation. */
import { createPublicKey, verify } from 'node:crypto';
import type { SignatureCheck } from '#usecases/ports/root-signer.ts';

export const isCryptoSignature: SignatureCheck = ({ publicKey, text, signature }) => {
  try {
    const key = createPublicKey(publicKey);
    return verify('sha256', Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};
