/** Roots of audit trails signed by an asymmetric key of KMS. */
import * as z from 'zod';
import type { RootSigner } from '#usecases/ports/root-signer.ts';
import { callKms, type KmsAccess } from './call-kms.ts';

export interface KmsRootSignerOptions extends KmsAccess {
  /** Of a key for ECDSA over P-256: its ARN, or `alias/…` in the account and region. */
  readonly key: string;
}

const signedSchema = z.object({ Signature: z.base64() });
const publicSchema = z.object({ PublicKey: z.base64() });

export function createKmsRootSigner({ key: KeyId, ...access }: KmsRootSignerOptions): RootSigner {
  return {
    async sign(text) {
      const Message = Buffer.from(text, 'utf8').toString('base64');
      const order = { KeyId, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' };
      return (await callKms(access, { operation: 'Sign', order, schema: signedSchema })).Signature;
    },
    async publicKey() {
      const { PublicKey } = await callKms(access, {
        ...{ operation: 'GetPublicKey', order: { KeyId }, schema: publicSchema },
      });
      const lines = PublicKey.match(/.{1,64}/g) ?? [];
      return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
    },
  };
}
