import {
  CreateAliasCommand,
  CreateKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(() => aws.close());

const clientIn = (region: string) => new KMSClient({ ...localAccess(aws.url), region, maxAttempts: 1 });
const createKey = async () => {
  const order = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
  const { KeyMetadata } = await clientIn('us-east-1').send(new CreateKeyCommand(order));
  return { KeyId: KeyMetadata?.KeyId, Arn: KeyMetadata?.Arn };
};
const Message = Buffer.from('root');
const sign = (change: Partial<SignCommandInput>, region = 'us-east-1') =>
  clientIn(region).send(
    new SignCommand({
      ...{ KeyId: undefined, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' },
      ...change,
    }),
  );
const nameKey = (AliasName: string, TargetKeyId: string | undefined) =>
  clientIn('us-east-1').send(new CreateAliasCommand({ AliasName, TargetKeyId }));
const named = (name: string) => expect.objectContaining({ name });

describe('keys that sign', () => {
  it('go by id, ARN and alias, in their own region', async () => {
    const { KeyId, Arn } = await createKey();
    await nameKey('alias/root', KeyId);
    for (const name of [KeyId, Arn, 'alias/root', 'arn:aws:kms:us-east-1:111111111111:alias/root'])
      expect(await sign({ KeyId: name })).toMatchObject({ KeyId: Arn });
    await expect(sign({ KeyId: 'alias/root' }, 'us-west-2')).rejects.toEqual(named('NotFoundException'));
    expect(await clientIn('us-east-1').send(new GetPublicKeyCommand({ KeyId }))).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });

  it('have an alias of their own each', async () => {
    const { KeyId } = await createKey();
    await nameKey('alias/taken', KeyId);
    await expect(nameKey('alias/taken', KeyId)).rejects.toEqual(named('AlreadyExistsException'));
    await expect(nameKey('taken', KeyId)).rejects.toEqual(named('ValidationException'));
    await expect(nameKey('alias/x', 'none')).rejects.toEqual(named('NotFoundException'));
  });

  it('do nothing else', async () => {
    const { KeyId } = await createKey();
    const client = clientIn('us-east-1');
    await expect(client.send(new CreateKeyCommand({}))).rejects.toEqual(
      named('UnsupportedOperationException'),
    );
    const wrong: readonly (readonly [Partial<SignCommandInput>, string])[] = [
      [{ MessageType: 'DIGEST' }, 'ValidationException'],
      [{ SigningAlgorithm: 'ECDSA_SHA_512' }, 'InvalidKeyUsageException'],
      [{ Message: Buffer.alloc(0) }, 'ValidationException'],
      [{ GrantTokens: ['x'] }, 'ValidationException'],
    ];
    for (const [change, why] of wrong) await expect(sign({ KeyId, ...change })).rejects.toEqual(named(why));
    const encrypted = client.send(new EncryptCommand({ KeyId, Plaintext: Message }));
    await expect(encrypted).rejects.toEqual(named('UnknownOperationException'));
  });
});
