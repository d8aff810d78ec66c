import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Cloud } from '../cloud.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import { isOn } from '../shape.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

interface Replica {
  readonly Region: string;
  readonly DeletionProtectionEnabled?: unknown;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: unknown };
  readonly ResourcePolicy?: { readonly PolicyDocument: Json };
  readonly SSESpecification?: { readonly KMSMasterKeyId: string };
  readonly Tags?: { Key: string; Value: string }[];
}

export const globalTable: ResourceHandler<Cloud> = {
  type: 'AWS::DynamoDB::GlobalTable',
  properties: {
    AttributeDefinitions: [{ AttributeName: 'text', AttributeType: 'text' }],
    BillingMode: 'text',
    GlobalTableWitnesses: [{ Region: 'text' }],
    KeySchema: [{ AttributeName: 'text', KeyType: 'text' }],
    MultiRegionConsistency: 'text',
    Replicas: [
      {
        DeletionProtectionEnabled: 'boolean',
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: 'boolean',
          RecoveryPeriodInDays: 'number',
        },
        Region: 'text',
        ResourcePolicy: { PolicyDocument: 'json' },
        SSESpecification: { KMSMasterKeyId: 'text' },
        Tags: tagsShape,
      },
    ],
    SSESpecification: { SSEEnabled: 'boolean', SSEType: 'text' },
    StreamSpecification: { StreamViewType: 'text' },
    TableName: 'text',
    TimeToLiveSpecification: { AttributeName: 'text', Enabled: 'boolean' },
  },
  required: ['KeySchema', 'AttributeDefinitions', 'Replicas'],
  createOnly: ['TableName', 'KeySchema', 'AttributeDefinitions', 'MultiRegionConsistency'],
  async create(request, cloud) {
    checkReplicas(request);
    const name = String(request.properties.TableName ?? request.nameOf(255));
    await createHome(request, name, cloud);
    if (isStrong(request)) await addStrongReplicas(request, name, cloud);
    for (const replica of replicasOf(request)) {
      if (replica.Region !== request.region && !isStrong(request))
        await addReplica(request, name, { cloud, region: replica.Region });
      await configure(request, name, { cloud, replica, before: undefined });
    }
    return madeOf(request, name, cloud);
  },
  async update({ from, request }, cloud) {
    checkReplicas(request);
    const name = from.made.physicalId;
    const before = new Map(replicasOf(from.request).map((replica) => [replica.Region, replica]));
    const after = replicasOf(request);
    for (const replica of after) {
      const old = before.get(replica.Region);
      if (old === undefined) await addReplica(request, name, { cloud, region: replica.Region });
      await configure(request, name, {
        cloud,
        replica,
        before: old === undefined ? undefined : from.request,
      });
      before.delete(replica.Region);
    }
    for (const region of before.keys()) await removeReplica(request, name, { cloud, region });
    return madeOf(request, name, cloud);
  },
  async remove({ request, made }, cloud) {
    const protectedReplica = replicasOf(request).find((replica) => isOn(replica.DeletionProtectionEnabled));
    if (protectedReplica !== undefined) {
      throw new Error(`${made.physicalId} is protected from deletion in ${protectedReplica.Region}`);
    }
    const name = made.physicalId;
    for (const { Region: region } of replicasOf(request)) {
      if (region !== request.region) await removeReplica(request, name, { cloud, region });
    }
    await cloud.clients.dynamodb(request).send(new DeleteTableCommand({ TableName: name }));
  },
};

const replicasOf = ({ properties }: ResourceRequest): readonly Replica[] =>
  properties.Replicas as readonly Replica[];

/** CloudFormation's own rules of this type. */
function checkReplicas({ region, properties }: ResourceRequest): void {
  const { Replicas, StreamSpecification } = properties as {
    Replicas: readonly Replica[];
    StreamSpecification?: Json;
  };
  if (!Replicas.some((replica) => replica.Region === region)) {
    throw new Error(`Replicas must name the region of the stack, ${region}`);
  }
  const regions = new Set(Replicas.map((replica) => replica.Region));
  if (regions.size < Replicas.length) throw new Error('Replicas names a region twice');
  if (Replicas.length > 1 && StreamSpecification?.StreamViewType !== 'NEW_AND_OLD_IMAGES') {
    throw new Error('a table with several replicas needs StreamSpecification NEW_AND_OLD_IMAGES');
  }
}

async function createHome(request: ResourceRequest, name: string, { clients }: Cloud): Promise<void> {
  const { AttributeDefinitions, BillingMode, KeySchema, StreamSpecification } = request.properties;
  if (BillingMode !== 'PAY_PER_REQUEST')
    throw new Error(`BillingMode ${String(BillingMode)}: want PAY_PER_REQUEST`);
  const stream = StreamSpecification as Json | undefined;
  const table = {
    TableName: name,
    AttributeDefinitions,
    BillingMode,
    KeySchema,
    ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, ...stream } }),
  } as CreateTableCommandInput;
  await clients.dynamodb(request).send(new CreateTableCommand(table));
  await untilActive(request, name, { clients, region: request.region });
}

interface At {
  readonly cloud: Cloud;
  readonly region: string;
}

async function addReplica(request: ResourceRequest, TableName: string, { cloud, region }: At): Promise<void> {
  const ReplicaUpdates = [{ Create: { RegionName: region } }];
  await cloud.clients.dynamodb(request).send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
  await untilActive(request, TableName, { clients: cloud.clients, region });
}

const isStrong = ({ properties }: ResourceRequest): boolean => properties.MultiRegionConsistency === 'STRONG';

/** All at once: such a table takes none later. */
async function addStrongReplicas(request: ResourceRequest, TableName: string, cloud: Cloud): Promise<void> {
  const regions = replicasOf(request)
    .map(({ Region }) => Region)
    .filter((region) => region !== request.region);
  const witnesses = (request.properties.GlobalTableWitnesses ?? []) as readonly { Region: string }[];
  const created = (RegionName: string) => ({ Create: { RegionName } });
  await cloud.clients.dynamodb(request).send(
    new UpdateTableCommand({
      TableName,
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: regions.map(created),
      ...(witnesses.length === 0
        ? {}
        : { GlobalTableWitnessUpdates: witnesses.map(({ Region }) => created(Region)) }),
    }),
  );
  for (const region of regions) await untilActive(request, TableName, { clients: cloud.clients, region });
}

async function removeReplica(
  request: ResourceRequest,
  TableName: string,
  { cloud, region }: At,
): Promise<void> {
  const ReplicaUpdates = [{ Delete: { RegionName: region } }];
  await cloud.clients.dynamodb(request).send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
}

const pollMs = 5;
const activeMsMax = 10_000;

async function untilActive(
  { account }: ResourceRequest,
  name: string,
  { clients, region }: { readonly clients: Cloud['clients']; readonly region: string },
): Promise<void> {
  const end = performance.now() + activeMsMax;
  for (;;) {
    const { Table } = await clients
      .dynamodb({ account, region })
      .send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
    if (performance.now() > end) throw new Error(`${name} is ${Table?.TableStatus} in ${region}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** What each replica has of its own, through the API of its region. */
async function configure(
  request: ResourceRequest,
  TableName: string,
  on: { readonly cloud: Cloud; readonly replica: Replica; readonly before: ResourceRequest | undefined },
): Promise<void> {
  const { replica, before } = on;
  const { account, properties } = request;
  const dynamodb = on.cloud.clients.dynamodb({ account, region: replica.Region });
  const { SSESpecification, PointInTimeRecoverySpecification, ResourcePolicy, Tags, Region } = replica;
  const isEncrypted = isOn((properties.SSESpecification as Json | undefined)?.SSEEnabled);
  const named = isEncrypted ? SSESpecification?.KMSMasterKeyId : undefined;
  const key = named === undefined ? undefined : keyIn(replica.Region, named, on.cloud);
  await dynamodb.send(
    new UpdateTableCommand({
      TableName,
      DeletionProtectionEnabled: isOn(replica.DeletionProtectionEnabled),
      ...(key === undefined
        ? {}
        : { SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key } }),
    }),
  );
  const PointInTimeRecoveryEnabled = isOn(PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled);
  const recovery = { TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled } };
  await dynamodb.send(new UpdateContinuousBackupsCommand(recovery));
  const ResourceArn = arnOf(account, Region, TableName);
  if (ResourcePolicy !== undefined) {
    const Policy = JSON.stringify(ResourcePolicy.PolicyDocument);
    await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  } else if (before !== undefined) {
    await dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn }));
  }
  if (Tags !== undefined) await dynamodb.send(new TagResourceCommand({ ResourceArn, Tags }));
  const expiry = properties.TimeToLiveSpecification as Json | undefined;
  const expiredBefore = before?.properties.TimeToLiveSpecification as Json | undefined;
  if (isOn(expiry?.Enabled) === isOn(expiredBefore?.Enabled)) return;
  const { AttributeName } = (expiry ?? expiredBefore) as { AttributeName: string };
  const TimeToLiveSpecification = { Enabled: isOn(expiry?.Enabled), AttributeName };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

/** A replica's key is of its own region, and must stand. */
function keyIn(region: string, named: string, { book }: Cloud): string {
  if (!named.startsWith(`arn:aws:kms:${region}:`)) throw new Error(`the key ${named} is not of ${region}`);
  const key = book.keyNamed(named);
  if (key === undefined) throw new Error(`there is no key ${named}`);
  return key;
}

const arnOf = (account: string, region: string, name: string): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

async function madeOf(request: ResourceRequest, name: string, { clients }: Cloud): Promise<Made> {
  const { Table } = await clients.dynamodb(request).send(new DescribeTableCommand({ TableName: name }));
  const { TableArn = '', LatestStreamArn, TableId } = Table ?? {};
  return {
    physicalId: name,
    attributes: {
      Arn: TableArn,
      ...(LatestStreamArn === undefined ? {} : { StreamArn: LatestStreamArn }),
      ...(TableId === undefined ? {} : { TableId }),
    },
  };
}
