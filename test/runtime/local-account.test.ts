import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { provision } from '#runtime/local-account.ts';
import { acmeConfig } from '#test/builders/configs.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(() => aws.close());

async function hasTable(account: string, region: string, name: string): Promise<boolean> {
  const client = new DynamoDBClient({ region, endpoint: aws.url, credentials: localCredentials(account) });
  const found = await client.send(new DescribeTableCommand({ TableName: name })).then(
    () => true,
    () => false,
  );
  client.destroy();
  return found;
}

it('makes a ledger and a table of slots for each gateway, in the account and region of the gateway and nowhere else', async () => {
  const config = acmeConfig();
  const problems: string[] = [];
  await provision({
    config,
    endpoint: aws.url,
    stop: new AbortController().signal,
    onProblem: (part) => void problems.push(part),
  });
  expect(problems).toEqual([]);
  const places = [
    ['111111111111', 'us-east-1', true],
    ['222222222222', 'eu-central-1', true],
    ['333333333333', 'ap-northeast-1', true],
    ['222222222222', 'eu-west-1', true],
    ['111111111111', 'eu-central-1', false],
    ['111111111111', 'us-west-2', false],
  ] as const;
  for (const [account, region, expected] of places)
    for (const table of ['acme-ledger', 'acme-capacity'])
      expect([account, region, await hasTable(account, region, table)]).toEqual([account, region, expected]);
});
