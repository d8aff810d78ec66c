import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { createLocalAws } from '#local/local-aws.ts';

it('opens the named account of the local AWS, and no other', async () => {
  const aws = await createLocalAws({ port: 0 });
  const client = new STSClient({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: localCredentials('222222222222'),
    maxAttempts: 1,
  });
  try {
    expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe('222222222222');
  } finally {
    client.destroy();
    await aws.close();
  }
});
