import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountProbe, createAccountProbe } from '#adapters/aws/account-probe.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { callControl, credentialsOf } from '#test/builders/local-test-server.ts';

let aws: LocalAws;
let probe: AccountProbe;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  const access = { credentials: credentialsOf(), endpoint: aws.url };
  probe = createAccountProbe({ region: 'eu-west-1', attemptsMax: 1, ...access });
  const elsewhere = new S3Client({ region: 'eu-west-3', forcePathStyle: true, ...access });
  await elsewhere.send(
    new CreateBucketCommand({
      Bucket: 'prompt-logs',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' },
    }),
  );
  elsewhere.destroy();
});
afterAll(async () => {
  probe.close();
  await aws.close();
});

describe('promptPathProbes', () => {
  it('finds nothing where nothing is set', async () => {
    expect(await probe.loadLogging()).toEqual({ logGroup: undefined, buckets: [] });
    expect(await probe.loadRetentionMode()).toBe('default');
    expect(await probe.listGuardrails()).toEqual([]);
  });

  it('finds logs, the mode of retention, and guardrails of all pages', async () => {
    await callControl(aws, 'PATCH', 'account-settings', {
      ...{ region: 'eu-west-1', logGroup: 'prompts', logBucket: 'prompt-logs', retentionMode: 'none' },
      guardrails: [{ id: 'a' }, { id: 'b' }, { id: 'c', profileId: 'eu.guardrail.v1:0', enforced: true }],
    });
    expect(await probe.loadLogging()).toEqual({ logGroup: 'prompts', buckets: ['prompt-logs'] });
    expect(await probe.loadRetentionMode()).toBe('none');
    expect(await probe.listGuardrails()).toEqual([
      { id: 'a', profileId: undefined, enforced: false },
      { id: 'b', profileId: undefined, enforced: false },
      { id: 'c', profileId: 'eu.guardrail.v1:0', enforced: true },
    ]);
  });

  it('tells where a bucket stands, and nothing of one that the account has not', async () => {
    expect(await probe.locateBucket('prompt-logs')).toBe('eu-west-3');
    expect(await probe.locateBucket('prompt-log')).toBeUndefined();
  });
});
