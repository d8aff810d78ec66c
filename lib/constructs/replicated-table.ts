import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  MultiRegionConsistency,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { stateKeyAliasArn, type TableKind, tableName } from '#contract/resources.ts';
import { invariant } from '#core/units/invariant.ts';
import type { IRegionKey } from './region-key.ts';
import type { StrongSet } from './strong-set.ts';

export interface ReplicatedTableProps {
  readonly deployment: string;
  readonly kind: TableKind;
  readonly keys: { readonly partition: string; readonly sort: string };
  /** The home region, in which the stack stands. */
  readonly region: string;
  readonly replicaRegions: readonly string[];
  /**
   * The key of the home region.
   * @default - keys that DynamoDB owns
   */
  readonly key?: IRegionKey;
  /**
   * By region, the ARN of a replica's key that was there before.
   * @default - keys of replicas are known by the alias of the deployment
   */
  readonly replicaKeys?: Readonly<Record<string, string>>;
  /** The home account. */
  readonly account: string;
  /** Who else may use the table of one region; undefined for nobody. */
  readonly policyFor: (region: string) => PolicyDocument | undefined;
  /**
   * Seconds since the epoch after which an item may vanish. Not with `strong`.
   * @default - nothing vanishes by itself
   */
  readonly timeToLiveAttribute?: string;
  /**
   * The set over which reads are strongly consistent; `replicaRegions` are its other copies.
   * @default - a read sees what its own region wrote, and others' writes within seconds
   */
  readonly strong?: StrongSet;
}

/**
 * A global table, all of whose replicas belong to the home account, each under the key of its region.
 *
 * Keys are not replicated: what one region's key opens, no other's does.
 */
export function createReplicatedTable(scope: Construct, props: ReplicatedTableProps): TableV2 {
  const { keys, policyFor, replicaRegions, strong, timeToLiveAttribute } = props;
  if (strong !== undefined && timeToLiveAttribute !== undefined)
    throw new RangeError(
      `timeToLiveAttribute ${timeToLiveAttribute}: a strongly consistent table has no time to live; leave it out`,
    );
  const common = {
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  };
  const policyOf = (region: string): { readonly resourcePolicy?: PolicyDocument } => {
    const resourcePolicy = policyFor(region);
    return resourcePolicy === undefined ? {} : { resourcePolicy };
  };
  const table = new TableV2(scope, 'Table', {
    ...common,
    tableName: tableName(props.deployment, props.kind),
    partitionKey: { name: keys.partition, type: AttributeType.STRING },
    sortKey: { name: keys.sort, type: AttributeType.STRING },
    ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
    ...consistencyOf(strong),
    billing: Billing.onDemand(),
    encryption: encryptionOf(props),
    removalPolicy: RemovalPolicy.RETAIN,
    ...policyOf(props.region),
    replicas: replicaRegions.map((region) => ({ region, ...common, ...policyOf(region) })),
  });
  closeReplicas(table, props);
  return table;
}

function consistencyOf(strong: StrongSet | undefined) {
  if (strong === undefined) return {};
  const { witness } = strong;
  return {
    multiRegionConsistency: MultiRegionConsistency.STRONG,
    ...(witness === undefined ? {} : { witnessRegion: witness }),
  };
}

function encryptionOf({
  key,
  replicaKeys = {},
  replicaRegions,
  deployment,
  account,
}: ReplicatedTableProps): TableEncryptionV2 {
  if (key === undefined) return TableEncryptionV2.dynamoOwnedKey();
  const ofReplicas = replicaRegions.map((region) => [
    region,
    replicaKeys[region] ?? stateKeyAliasArn({ deployment, account, region }),
  ]);
  return TableEncryptionV2.customerManagedKey(key.key, Object.fromEntries(ofReplicas));
}

/** CDK hands the home region's policy on to every replica that has none, where it would name the wrong table. */
function closeReplicas(table: TableV2, { replicaRegions, policyFor }: ReplicatedTableProps): void {
  const resource = table.node.defaultChild;
  invariant(CfnGlobalTable.isCfnGlobalTable(resource), 'a global table is made of one resource');
  replicaRegions.forEach((region, index) => {
    if (policyFor(region) === undefined)
      resource.addPropertyDeletionOverride(`Replicas.${index}.ResourcePolicy`);
  });
}
