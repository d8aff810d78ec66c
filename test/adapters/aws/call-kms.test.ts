import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { callKms } from '#adapters/aws/call-kms.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(() => aws.close());

const order = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const call = (operation: string, sent: object, schema: z.ZodType<unknown>, endpoint = aws.url) =>
  callKms(
    { ...localAccess(endpoint), account: '111111111111', region: 'us-east-1' },
    { operation, order: sent, schema },
  ).catch((error: unknown) => error);

it('answers what it was asked to read', async () => {
  const answer = await call('CreateKey', order, z.object({ KeyMetadata: z.object({ Arn: z.string() }) }));
  expect(answer).toMatchObject({ KeyMetadata: { Arn: expect.stringContaining(':key/') } });
});

it('says what KMS said, and that an answer cannot be read', async () => {
  const refused = await call('GetPublicKey', { KeyId: 'alias/nobody' }, z.object({}));
  expect(isHouseError(refused) && refused.facts).toMatchObject({ errorName: 'NotFoundException' });
  const unreadable = await call('CreateKey', order, z.object({ Nothing: z.string() }));
  expect(isHouseError(unreadable) && unreadable.code).toBe('answer_malformed');
});

it('says in the end that nobody was reached', async () => {
  const gone = await createLocalAws({ port: 0 });
  await gone.close();
  const failed = await call('CreateKey', order, z.object({}), gone.url);
  expect(isHouseError(failed) && failed.code).toBe('upstream_unavailable');
});
