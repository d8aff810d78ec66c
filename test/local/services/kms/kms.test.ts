import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callKms } from '#adapters/aws/call-kms.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(() => aws.close());

const anything = z.record(z.string(), z.unknown());
const call = (operation: string, order: object, region = 'us-east-1') =>
  callKms(
    { ...localAccess(aws.url), account: '111111111111', region },
    { operation, order, schema: anything },
  ) as Promise<Record<string, never>>;
const createKey = async (region?: string) => {
  const order = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
  const { KeyMetadata } = (await call('CreateKey', order, region)) as unknown as {
    KeyMetadata: { KeyId: string; Arn: string };
  };
  return KeyMetadata;
};
const Message = Buffer.from('root').toString('base64');
const signature = { Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' };

describe('keys that sign', () => {
  it('go by id, ARN and alias, in their own region', async () => {
    const { KeyId, Arn } = await createKey();
    await call('CreateAlias', { AliasName: 'alias/root', TargetKeyId: KeyId });
    for (const name of [KeyId, Arn, 'alias/root', 'arn:aws:kms:us-east-1:111111111111:alias/root'])
      expect(await call('Sign', { ...signature, KeyId: name })).toMatchObject({ KeyId: Arn });
    await expect(call('Sign', { ...signature, KeyId: 'alias/root' }, 'us-west-2')).rejects.toThrow(
      /NotFoundException/,
    );
    expect(await call('GetPublicKey', { KeyId })).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });

  it('have an alias of their own each', async () => {
    const { KeyId } = await createKey();
    await call('CreateAlias', { AliasName: 'alias/taken', TargetKeyId: KeyId });
    await expect(call('CreateAlias', { AliasName: 'alias/taken', TargetKeyId: KeyId })).rejects.toThrow(
      /AlreadyExistsException/,
    );
    await expect(call('CreateAlias', { AliasName: 'taken', TargetKeyId: KeyId })).rejects.toThrow(
      /ValidationException/,
    );
    await expect(call('CreateAlias', { AliasName: 'alias/x', TargetKeyId: 'none' })).rejects.toThrow(
      /NotFoundException/,
    );
  });

  it('do nothing else', async () => {
    const { KeyId } = await createKey();
    await expect(call('CreateKey', {})).rejects.toThrow(/UnsupportedOperationException/);
    const wrong = [
      [{ MessageType: 'DIGEST' }, /ValidationException/],
      [{ SigningAlgorithm: 'ECDSA_SHA_512' }, /InvalidKeyUsageException/],
      [{ Message: '' }, /ValidationException/],
      [{ GrantTokens: ['x'] }, /ValidationException/],
    ] as const;
    for (const [change, why] of wrong)
      await expect(call('Sign', { ...signature, KeyId, ...change })).rejects.toThrow(why);
    await expect(call('Encrypt', { KeyId })).rejects.toThrow(/UnknownOperation/);
  });
});
