/** Roots of audit trails signed by an asymmetric key of KMS. */
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { houseError } from '#core/errors/catalogue.ts';
import type { RootSigner } from '#usecases/ports/root-signer.ts';
import { type AwsAccess, clientSettings, createConnectionPool } from './aws-clients.ts';
import { translated } from './to-house-error.ts';

export interface KmsRootSignerOptions extends AwsAccess {
  /** Of a key for ECDSA over P-256: its ARN, or `alias/…` in the account and region. */
  readonly key: string;
}

export interface OpenRootSigner extends RootSigner {
  close(): void;
}

/** Both calls change nothing: they may come again. */
const ATTEMPTS_MAX = 3;
const CALL_MS_MAX = 10_000;
const PEM_LINE = /.{1,64}/g;

/** Calls nothing before it is used. */
export function openKmsRootSigner({ key: KeyId, ...access }: KmsRootSignerOptions): OpenRootSigner {
  const pool = createConnectionPool();
  const client = new KMSClient({ ...clientSettings(access, pool), maxAttempts: ATTEMPTS_MAX });
  const limits = () => ({ abortSignal: AbortSignal.timeout(CALL_MS_MAX) });
  return {
    async sign(text) {
      // The text itself and no digest: KMS hashes it, and Node cannot check what was signed over a ready one.
      const order = { KeyId, Message: Buffer.from(text, 'utf8'), MessageType: 'RAW' } as const;
      const call = new SignCommand({ ...order, SigningAlgorithm: 'ECDSA_SHA_256' });
      const { Signature } = await translated('Sign', () => client.send(call, limits()));
      return inBase64(Signature, 'Sign');
    },
    async publicKey() {
      const call = new GetPublicKeyCommand({ KeyId });
      const { PublicKey } = await translated('GetPublicKey', () => client.send(call, limits()));
      const lines = inBase64(PublicKey, 'GetPublicKey').match(PEM_LINE) ?? [];
      return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
    },
    close() {
      client.destroy();
      pool.close();
    },
  };
}

function inBase64(bytes: Uint8Array | undefined, call: string): string {
  if (bytes !== undefined && bytes.length > 0) return Buffer.from(bytes).toString('base64');
  throw houseError('answer_malformed', { message: `${call} of KMS answered nothing` });
}
