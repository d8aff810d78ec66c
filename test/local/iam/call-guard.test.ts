import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { tableDefinitions } from '#contract/tables.ts';
import { createCallGuard } from '#local/iam/call-guard.ts';
import { PolicyBook } from '#local/iam/policy-book.ts';
import { PolicyJudge } from '#local/iam/policy-judge.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';

const owner = '111111111111';
const guest = '222222222222';
const region = 'us-east-1';
const arn = `arn:aws:dynamodb:${region}:${owner}:table/acme-observations`;
const book = new PolicyBook();
const judge = new PolicyJudge(book);
let aws: LocalAws;

const allow = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...statement }],
});
const trusting = (principal: object, condition: object = {}) =>
  allow({ Action: 'sts:AssumeRole', Principal: principal, Condition: condition });

beforeAll(async () => {
  aws = await createLocalAws({ port: 0, guard: createCallGuard(judge) });
  const definition = tableDefinitions.find(({ kind }) => kind === 'observations');
  if (definition === undefined) throw new Error('there is no such table');
  const plan = { definition, name: 'acme-observations', arn, region, replicaRegions: [], guestAccounts: [] };
  await provisionTable(plan, { endpoint: aws.url, credentials: localCredentials(owner) });
});
afterAll(() => aws.close());

/** A client with the keys that a role gets whose trust names the account itself. */
async function clientAs(roleArn: string, externalId?: string): Promise<DynamoDBClient> {
  const account = roleArn.split(':')[4] ?? '';
  const sts = new STSClient({ region, endpoint: aws.url, credentials: localCredentials(account) });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test', ExternalId: externalId }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return new DynamoDBClient({
    region,
    endpoint: aws.url,
    maxAttempts: 1,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });
}

const item = (accountRegion: string) => ({ accountRegion: { S: accountRegion }, item: { S: 'targets' } });
const put = (accountRegion: string) => new PutItemCommand({ TableName: arn, Item: item(accountRegion) });

function roleOf(account: string, name: string, policy: object): string {
  const roleArn = `arn:aws:iam::${account}:role/${name}`;
  book.addRole(roleArn, account, trusting({ AWS: `arn:aws:iam::${account}:root` }));
  book.attach(roleArn, 'own', { ...policy });
  return roleArn;
}

const ownKeysOnly = {
  Action: ['dynamodb:PutItem', 'dynamodb:Query'],
  Resource: arn,
  Condition: {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`${owner}#${region}`] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
};

describe('a call under the guard', () => {
  it('passes where the role may, with the keys that it may touch', async () => {
    const client = await clientAs(roleOf(owner, 'writer', allow(ownKeysOnly)));
    await client.send(put(`${owner}#${region}`));
    const keyed = {
      TableName: arn,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'accountRegion' },
    };
    const query = (pk: string) =>
      client.send(new QueryCommand({ ...keyed, ExpressionAttributeValues: { ':pk': { S: pk } } }));
    expect((await query(`${owner}#${region}`)).Items).toHaveLength(1);
    await expect(query(`${guest}#${region}`)).rejects.toThrow('not authorized to perform: dynamodb:Query');
    await expect(client.send(put(`${guest}#${region}`))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`dynamodb:PutItem on resource: ${arn}`),
    });
  });

  it('is denied where the role has no policy for it, and where there is no such role', async () => {
    const roleArn = roleOf(owner, 'reader', allow({ Action: 'dynamodb:Query', Resource: arn }));
    const client = await clientAs(roleArn);
    const get = new GetItemCommand({ TableName: arn, Key: item('x') });
    await expect(client.send(get)).rejects.toThrow('no resource-based policy allows the dynamodb:GetItem');
    book.removeRole(roleArn);
    await expect(client.send(get)).rejects.toThrow(`there is no role ${roleArn}`);
  });

  it('from another account needs both its own policy and the table’s', async () => {
    const client = await clientAs(
      roleOf(guest, 'guest', allow({ Action: 'dynamodb:PutItem', Resource: arn })),
    );
    await expect(client.send(put(`${guest}#${region}`))).rejects.toThrow('not authorized');
    const owned = new DynamoDBClient({ region, endpoint: aws.url, credentials: localCredentials(owner) });
    const Policy = JSON.stringify(
      allow({
        Principal: { AWS: `arn:aws:iam::${guest}:root` },
        Action: 'dynamodb:PutItem',
        Resource: arn,
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`\${aws:PrincipalAccount}#*`] } },
      }),
    );
    await owned.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy }));
    await client.send(put(`${guest}#${region}`));
    await expect(client.send(put(`${owner}#${region}`))).rejects.toThrow('not authorized');
    await expect(
      (await clientAs(roleOf(guest, 'stranger', allow({ Action: 'dynamodb:GetItem', Resource: arn })))).send(
        put(`${guest}#${region}`),
      ),
    ).rejects.toThrow('not authorized');
  });

  it('becomes a role only by its trust', async () => {
    const roleArn = `arn:aws:iam::${owner}:role/shared`;
    const trust = trusting(
      { AWS: `arn:aws:iam::${owner}:root` },
      { StringEquals: { 'sts:ExternalId': 'spillway-acme' } },
    );
    book.addRole(roleArn, owner, trust);
    book.attach(roleArn, 'own', allow({ Action: 'dynamodb:PutItem', Resource: arn }));
    await expect(
      (await clientAs(roleOf(owner, 'caller', allow({ Action: 'sts:AssumeRole', Resource: roleArn })))).send(
        put('x'),
      ),
    ).rejects.toThrow('dynamodb:PutItem');
    const caller = {
      kind: 'role',
      account: owner,
      roleArn: `arn:aws:iam::${owner}:role/caller`,
      sessionArn: `arn:aws:sts::${owner}:assumed-role/caller/test`,
    } as const;
    const become = (context: Record<string, string>) =>
      judge.judge(caller, { action: 'sts:AssumeRole', resource: roleArn, account: owner, context }, region);
    expect((await become({})).isAllowed).toBe(false);
    expect((await become({ 'sts:ExternalId': 'spillway-acme' })).isAllowed).toBe(true);
  });

  it('leaves a verdict behind, also of what passed', () => {
    expect(judge.verdicts).toContainEqual({
      principal: `arn:aws:iam::${guest}:role/guest`,
      action: 'dynamodb:PutItem',
      resource: arn,
      isAllowed: true,
      reason: '',
    });
  });
});
