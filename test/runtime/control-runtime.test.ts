import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { deployLocally, type LocalDeployment, localCredentials } from '#test/builders/local-deployment.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';

let deployment: LocalDeployment;
let client: DynamoDBClient;
let routes: RouteStore;
const account = '111111111111';
const titan = 'amazon.titan-embed-text-v2:0';

beforeAll(async () => {
  deployment = await deployLocally(acmeConfig());
  client = new DynamoDBClient({
    endpoint: deployment.url,
    region: 'us-east-1',
    credentials: localCredentials(account),
  });
  routes = createDynamodbRouteStore({
    client,
    table: 'acme-routes',
    models: ['chat-large', 'chat-small', 'embed'],
    region: 'us-east-1',
    regions: [],
    digest: cryptoDigest,
  });
  await deployment.discoverAll();
  await deployment.control.plan();
});
afterAll(async () => {
  client.destroy();
  await deployment.close();
});

const regionsOf = async (model: string, residency: string) =>
  (await routes.load(model, residency))?.targets.map((target) => `${target.scope} ${target.region}`);
const turn = async (region: string) => {
  await deployment.control.discover({ account, region });
  await deployment.control.plan();
};

describe('the control loop on the local AWS, over three accounts', () => {
  it('routes the example as its facts say', async () => {
    expect(await regionsOf('chat-large', 'us')).toEqual(['geo us-east-1', 'geo us-east-2', 'geo us-west-2']);
    expect(await regionsOf('chat-large', 'eu')).toHaveLength(4);
    expect(await regionsOf('chat-large', 'japan')).toEqual(['geo ap-northeast-1', 'geo ap-northeast-3']);
    expect(await regionsOf('chat-large', 'frankfurt')).toEqual([]);
    expect((await routes.load('chat-large', 'frankfurt'))?.unusable).toBeUndefined();
    expect(
      (await regionsOf('chat-small', 'anywhere'))?.filter((each) => each.startsWith('in-region')),
    ).toHaveLength(6);
  });

  it('follows a withdrawal and a return', async () => {
    await deployment.local('PATCH', '/_local/catalogue', {
      region: 'us-east-2',
      modelId: titan,
      offered: false,
    });
    await turn('us-east-2');
    expect(await regionsOf('embed', 'us')).toEqual(['in-region us-east-1', 'in-region us-west-2']);
    await deployment.local('PATCH', '/_local/catalogue', {
      region: 'us-east-2',
      modelId: titan,
      offered: true,
    });
    await turn('us-east-2');
    expect(await regionsOf('embed', 'us')).toHaveLength(3);
  });

  it('changes nothing under an emptied region', async () => {
    const before = await routes.loadAll();
    await deployment.local('PUT', '/_local/faults', [
      { service: 'bedrock', region: 'us-east-1', kind: 'empty' },
    ]);
    for (let run = 0; run < 4; run += 1) await turn('us-east-1');
    await deployment.local('DELETE', '/_local/faults');
    expect(await routes.loadAll()).toEqual(before);
    await turn('us-east-1');
    expect(await routes.loadAll()).toEqual(before);
  });

  it('demotes what a proof is denied at', async () => {
    await deployment.local('PATCH', '/_local/catalogue', {
      region: 'us-west-2',
      modelId: titan,
      denied: true,
    });
    const { proved } = await deployment.control.verify();
    expect(proved.find((each) => each.outcome === 'refused')?.target).toBe(`${account}/us-west-2/${titan}`);
    await deployment.control.plan();
    expect(await regionsOf('embed', 'us')).toEqual(['in-region us-east-1', 'in-region us-east-2']);
  });

  it('rolls back and releases by an operator’s word', async () => {
    const { route } = await deployment.control.rollBack({
      model: 'embed',
      residency: 'us',
      version: 1,
      by: 'ada',
      reason: 'test',
    });
    expect(route.targets).toHaveLength(3);
    await deployment.control.releaseRegion({
      account: '333333333333',
      region: 'ap-northeast-3',
      by: 'ada',
      reason: 'test',
    });
    await deployment.control.plan();
    expect(await regionsOf('chat-large', 'japan')).toEqual(['geo ap-northeast-1']);
  });
});
