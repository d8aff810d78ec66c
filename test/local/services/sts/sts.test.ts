import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalServer } from '#local/wire/local-server.ts';
import { clientOptions, startTestServer } from '#test/builders/local-test-server.ts';

let server: LocalServer;
let sts: STSClient;
beforeAll(async () => {
  server = await startTestServer();
  sts = new STSClient(clientOptions(server));
});
afterAll(async () => {
  sts.destroy();
  await server.close();
});

const RoleArn = 'arn:aws:iam::222222222222:role/path/to/spillway-invoke';
const assume = (input: object) =>
  sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...input })).catch((error) => error);

describe('AssumeRole', () => {
  it('gives out keys of the role and says until when they live', async () => {
    const answer = await assume({
      DurationSeconds: 900,
      ExternalId: 'ext',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(answer.Credentials.AccessKeyId).toMatch(/^LSIA222222222222[0-9A-F]{16}$/);
    const lifeMs = answer.Credentials.Expiration.getTime() - Date.now();
    expect(lifeMs).toBeGreaterThan(895_000);
    expect(lifeMs).toBeLessThanOrEqual(900_000);
    expect(answer.AssumedRoleUser.Arn).toBe('arn:aws:sts::222222222222:assumed-role/spillway-invoke/session');
  });

  it.each([
    ['an ARN that is no role', { RoleArn: 'arn:aws:iam::222222222222:user/someone' }],
    ['an account that is not twelve digits', { RoleArn: 'arn:aws:iam::2222:role/some' }],
    ['a session name with a blank', { RoleSessionName: 'a b' }],
    ['a session of a minute', { DurationSeconds: 60 }],
    ['a session policy, which nothing would enforce', { Policy: '{}' }],
  ])('refuses %s', async (_, input) => {
    expect(await assume(input)).toMatchObject({
      name: 'ValidationError',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('reports every problem at once', async () => {
    const error = await assume({ RoleArn: 'arn:aws:iam::1:role/some/wrong', RoleSessionName: '!' });
    expect(error.message).toContain('2 validation errors');
  });
});

it('GetCallerIdentity tells the account of the key', async () => {
  const answer = await sts.send(new GetCallerIdentityCommand({}));
  expect(answer).toMatchObject({ Account: '111111111111', Arn: 'arn:aws:iam::111111111111:user/local' });
});
