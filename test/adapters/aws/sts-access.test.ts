import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSts } from '#adapters/aws/sts-access.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0, timeScale: 0 });
});
afterAll(() => aws?.close());

it('assumes a role, and ends with the signal', async () => {
  const sts = openSts({
    region: 'us-east-1',
    endpoint: aws.url,
    maxAttempts: 1,
    credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' },
  });
  const order = {
    RoleArn: 'arn:aws:iam::222222222222:role/acme-access',
    RoleSessionName: 'spillway-gateway-us-east-1',
    ExternalId: 'acme',
  };
  const { Credentials } = await sts.assumeRole(order, new AbortController().signal);
  expect(Credentials?.SessionToken).toEqual(expect.any(String));
  await expect(sts.assumeRole(order, AbortSignal.abort(new Error('deadline')))).rejects.toThrow();
  sts.close();
});
