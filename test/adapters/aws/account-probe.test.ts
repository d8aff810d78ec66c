import { CreateTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountProbe,
  createAccountProbe,
  createTableClient,
  probeFailure,
} from '#adapters/aws/account-probe.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { callControl, credentialsOf, readJournal } from '#test/builders/local-test-server.ts';

let aws: LocalAws;
let probe: AccountProbe;

beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  probe = createAccountProbe({
    region: 'eu-west-1',
    credentials: credentialsOf(),
    endpoint: aws.url,
    attemptsMax: 1,
  });
});
afterAll(async () => {
  probe.close();
  await aws.close();
});

async function failureOf(run: () => Promise<unknown>) {
  try {
    await run();
  } catch (error) {
    return probeFailure(error);
  }
  return undefined;
}

describe('createAccountProbe', () => {
  it('asks each API one question and changes nothing', async () => {
    expect((await probe.loadIdentity()).account).toBe('111111111111');
    const models = await probe.listModels();
    expect(models.find(({ modelId }) => modelId === 'amazon.nova-lite-v1:0')).toMatchObject({
      provider: 'Amazon',
      inferenceTypes: ['INFERENCE_PROFILE'],
      lifecycle: 'ACTIVE',
    });
    const profiles = await probe.listProfiles();
    expect(profiles.find(({ profileId }) => profileId === 'eu.amazon.nova-lite-v1:0')?.modelArns).toContain(
      'arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0',
    );
    await probe.loadAvailability('amazon.nova-lite-v1:0');
    await probe.listMetrics('Spillway/Availability');
    await probe.listQuotas();
    const operations = (await readJournal(aws)).map(({ operation }) => operation);
    expect(operations.filter((operation) => !/^(Get|List)/.test(operation ?? ''))).toEqual([]);
    expect(operations.length).toBeGreaterThanOrEqual(6);
  });

  it('tells a strongly consistent table from others, and where it stands', async () => {
    const access = { credentials: credentialsOf(), endpoint: aws.url };
    const client = createTableClient({ region: 'eu-west-1', ...access });
    const attribute = { AttributeName: 'region', AttributeType: 'S' as const };
    const key = { AttributeName: 'region', KeyType: 'HASH' as const };
    const created = (RegionName: string) => ({ Create: { RegionName } });
    await client.send(
      new CreateTableCommand({
        TableName: 'words',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [attribute],
        KeySchema: [key],
      }),
    );
    expect(await probe.describeTable('words')).toMatchObject({ isStrong: false, regions: ['eu-west-1'] });
    await client.send(
      new UpdateTableCommand({
        TableName: 'words',
        MultiRegionConsistency: 'STRONG',
        ReplicaUpdates: [created('eu-central-1')],
        GlobalTableWitnessUpdates: [created('eu-west-3')],
      }),
    );
    client.destroy();
    expect(await probe.describeTable('words')).toMatchObject({
      isStrong: true,
      regions: ['eu-west-1', 'eu-central-1'],
      witnesses: ['eu-west-3'],
    });
  });

  it('says that a table or an endpoint is missing', async () => {
    expect((await failureOf(() => probe.describeTable('nothing')))?.kind).toBe('missing');
    expect((await failureOf(() => probe.queryTable('nothing', 'model')))?.kind).toBe('missing');
    expect((await failureOf(() => probe.describeEndpoint('nothing')))?.kind).toBe('missing');
  });
});

describe('probeFailure', () => {
  it('sorts errors by what a person has to do', async () => {
    await callControl(aws, 'PUT', 'faults', [
      {
        service: 'bedrock',
        operation: 'ListFoundationModels',
        kind: 'error',
        error: 'AccessDeniedException',
      },
      { service: 'bedrock', operation: 'ListInferenceProfiles', kind: 'throttle' },
      { service: 'monitoring', kind: 'refuse' },
    ]);
    const kinds = await Promise.all(
      [probe.listModels, probe.listProfiles, () => probe.listMetrics('x')].map(
        async (call) => (await failureOf(call))?.kind,
      ),
    );
    await callControl(aws, 'DELETE', 'faults');
    expect(kinds).toEqual(['denied', 'throttled', 'unreachable']);
  });

  it('knows keys that are not taken', async () => {
    const stranger = createAccountProbe({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'wrong' },
      endpoint: aws.url,
      attemptsMax: 1,
    });
    expect((await failureOf(stranger.loadIdentity))?.kind).toBe('credentials');
    stranger.close();
  });

  it('keeps what it does not know as it is', () => {
    expect(probeFailure(new Error('odd'))).toEqual({ kind: 'other', name: 'Error', message: 'odd' });
    expect(probeFailure('text')).toEqual({ kind: 'other', name: 'Error', message: 'text' });
  });
});
