import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, CfnGlobalTable, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routeKeys, tableArn, tableName } from '#contract/resources.ts';
import { signalPartition, timeToLiveAttribute } from '#contract/table-keys.ts';
import { invariant } from '#core/units/invariant.ts';
import { onlyPartitions, routeReadActions, signalWriteActions } from './table-access.ts';

export interface RoutesTableProps {
  readonly deployment: string;
  /** The home account. */
  readonly account: string;
  /** The home region, in which the stack stands. */
  readonly region: string;
  /** Regions besides home that read routes, each from a replica of its own. */
  readonly replicaRegions: readonly string[];
  /**
   * Roles of other accounts that read their region's replica and write their region's signals. A role need not exist
   * yet.
   * @default - none: only the home account reads
   */
  readonly foreignGateways?: readonly ForeignGateway[];
}

interface ForeignGateway {
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
}

/**
 * The routing table: one global table, all of whose replicas belong to the home account.
 *
 * Encrypted with keys that DynamoDB owns: they need no key policy for readers of other accounts, and no gateway can
 * lose its routes because a key of ours was throttled, disabled or out of reach.
 */
export class RoutesTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: RoutesTableProps) {
    super(scope, id);
    const common = {
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    };
    this.table = new TableV2(this, 'Table', {
      ...common,
      tableName: tableName(props.deployment, 'routes'),
      partitionKey: { name: routeKeys.partition, type: AttributeType.STRING },
      sortKey: { name: routeKeys.sort, type: AttributeType.STRING },
      timeToLiveAttribute,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      removalPolicy: RemovalPolicy.RETAIN,
      ...resourcePolicyFor(props, props.region),
      replicas: props.replicaRegions.map((region) => ({
        region,
        ...common,
        ...resourcePolicyFor(props, region),
      })),
    });
    this.closeReplicas(props);
  }

  /** CDK hands the home region's policy on to every replica that has none, where it would name the wrong table. */
  private closeReplicas(props: RoutesTableProps): void {
    const table = this.table.node.defaultChild;
    invariant(CfnGlobalTable.isCfnGlobalTable(table), 'a global table is made of one resource');
    props.replicaRegions.forEach((region, index) => {
      const { resourcePolicy } = resourcePolicyFor(props, region);
      if (resourcePolicy === undefined) table.addPropertyDeletionOverride(`Replicas.${index}.ResourcePolicy`);
    });
  }
}

/** A replica has a policy of its own; one that no other account reads has none. */
function resourcePolicyFor(
  props: RoutesTableProps,
  region: string,
): { readonly resourcePolicy?: PolicyDocument } {
  const resource = tableArn({ ...props, kind: 'routes', region });
  const gateways = (props.foreignGateways ?? []).filter((gateway) => gateway.region === region);
  const statements = gateways.flatMap((gateway) => [
    readStatement(gateway, resource),
    signalStatement(gateway, resource),
  ]);
  return statements.length === 0 ? {} : { resourcePolicy: new PolicyDocument({ statements }) };
}

function readStatement(gateway: ForeignGateway, resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: `ReadRoutes${gateway.account}`,
    principals: [new AccountPrincipal(gateway.account)],
    actions: [...routeReadActions],
    resources: [resource],
    conditions: { ArnEquals: { 'aws:PrincipalArn': gateway.roleArn } },
  });
}

function signalStatement(gateway: ForeignGateway, resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: `WriteOwnSignals${gateway.account}`,
    principals: [new AccountPrincipal(gateway.account)],
    actions: [...signalWriteActions],
    resources: [resource],
    conditions: {
      ArnEquals: { 'aws:PrincipalArn': gateway.roleArn },
      ...onlyPartitions('StringEquals', [signalPartition(gateway.region)]),
    },
  });
}
