import { afterAll, beforeAll, expect, it } from 'vitest';
import { provisionWitness } from '#adapters/aws/audit-provisioner.ts';
import { openKmsRootSigner } from '#adapters/aws/kms-root-signer.ts';
import { isCryptoSignature } from '#adapters/system/crypto-signature.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';

const account = '111111111111';
const region = 'us-east-1';
const keyAlias = 'alias/acme-audit-roots';
let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  const plan = { account, region, bucket: `acme-roots-${account}-${region}`, keyAlias };
  // A restart finds both again.
  for (const _ of [1, 2])
    await provisionWitness({ ...plan, retentionDays: 184, mode: 'governance' }, localAccess(aws.url));
});
afterAll(() => aws.close());

const signerAt = (endpoint: string, key = keyAlias) =>
  openKmsRootSigner({ ...localAccess(endpoint), region, key });
const signer = () => signerAt(aws.url);

it('signs what the public half proves, and nothing else', async () => {
  const text = '{"chain":"acme/ü"}';
  const [signature, publicKey] = await Promise.all([signer().sign(text), signer().publicKey()]);
  expect(isCryptoSignature({ publicKey, text, signature })).toBe(true);
  expect(isCryptoSignature({ publicKey, text: `${text} `, signature })).toBe(false);
  expect(await signer().publicKey()).toBe(publicKey);
});

it('says what KMS said, and in the end that nobody was reached', async () => {
  const refused = await signerAt(aws.url, 'alias/nobody')
    .publicKey()
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ facts: { errorName: 'NotFoundException' } });
  const gone = await createLocalAws({ port: 0 });
  await gone.close();
  const failed = await signerAt(gone.url)
    .sign('text')
    .catch((error: unknown) => error);
  expect(isHouseError(failed) && failed.code).toBe('upstream_unavailable');
});
