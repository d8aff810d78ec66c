import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routeKeys, tableArn } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { ExistingTable, type IStateTable } from './existing-table.ts';
import type { IRegionKey } from './region-key.ts';
import { createReplicatedTable } from './replicated-table.ts';
import {
  onlyPartitions,
  operateAtHome,
  operateHere,
  routeReadActions,
  tellActions,
  toldPartitions,
} from './table-access.ts';

export interface RoutesTableProps {
  readonly deployment: string;
  /** The home account. */
  readonly account: string;
  /** The home region, in which the stack stands. */
  readonly region: string;
  /** Regions besides home that read routes, each from a replica of its own. */
  readonly replicaRegions: readonly string[];
  /**
   * The key of the home region; those of replicas are known by their alias.
   * @default - keys that DynamoDB owns
   */
  readonly key?: IRegionKey;
  /**
   * By region, the ARN of another copy's key that was there before.
   * @default - they are known by the alias of the deployment
   */
  readonly replicaKeys?: Readonly<Record<string, string>>;
  /**
   * Roles of other accounts that read their region's replica and tell there what fails. A role need not exist
   * yet.
   * @default - none: only the home account reads
   */
  readonly foreignGateways?: readonly ForeignGateway[];
  /**
   * Models whose routes operators may change through gateways of other accounts.
   * @default - none: nobody may order operations
   */
  readonly operatedModels?: readonly string[];
}

interface ForeignGateway {
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
}

/** The routing table: one global table, of which every gateway reads its region's replica. */
export class RoutesTable extends Construct implements IStateTable {
  /** The table and its replicas are there; `props` say who needs them, and synth what their policies must hold. */
  static fromDeployment(scope: Construct, id: string, props: RoutesTableProps): IStateTable {
    return new ExistingTable(scope, id, {
      ...props,
      kind: 'routes',
      statementsFor: (region) => statementsFor(props, region),
    });
  }

  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: RoutesTableProps) {
    super(scope, id);
    this.table = createReplicatedTable(this, {
      ...props,
      kind: 'routes',
      keys: routeKeys,
      timeToLiveAttribute,
      policyFor: (region) => policyFor(props, region),
    });
  }
}

/** A replica has a policy of its own; one that no other account reads has none. */
function policyFor(props: RoutesTableProps, region: string): PolicyDocument | undefined {
  const statements = statementsFor(props, region);
  return statements.length === 0 ? undefined : new PolicyDocument({ statements });
}

function statementsFor(props: RoutesTableProps, region: string): PolicyStatement[] {
  const resource = tableArn({ ...props, kind: 'routes', region });
  const gateways = (props.foreignGateways ?? []).filter((gateway) => gateway.region === region);
  return [
    ...gateways.flatMap((gateway) => [readStatement(gateway, resource), tellStatement(gateway, resource)]),
    ...operateStatements(props, region, resource),
  ];
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

function tellStatement(gateway: ForeignGateway, resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: `TellWhatFails${gateway.account}`,
    principals: [new AccountPrincipal(gateway.account)],
    actions: [...tellActions],
    resources: [resource],
    conditions: {
      ArnEquals: { 'aws:PrincipalArn': gateway.roleArn },
      ...onlyPartitions('StringEquals', toldPartitions(gateway.region)),
    },
  });
}

/** Each gateway of another account on its own replica, and all of them at home, where routes are written. */
function operateStatements(
  { foreignGateways = [], operatedModels = [], region: home }: RoutesTableProps,
  region: string,
  resource: string,
): readonly PolicyStatement[] {
  if (operatedModels.length === 0) return [];
  const own = foreignGateways.filter((gateway) => gateway.region === region);
  const parts = [
    ...(own.length === 0 ? [] : operateHere(region).map((part) => ({ ...part, gateways: own }))),
    ...(region !== home || foreignGateways.length === 0
      ? []
      : operateAtHome(operatedModels, home).map((part) => ({ ...part, gateways: foreignGateways }))),
  ];
  return parts.map(({ sid, actions, partitions, gateways }) => {
    const accounts = [...new Set(gateways.map(({ account }) => account))];
    return new PolicyStatement({
      sid,
      principals: accounts.map((account) => new AccountPrincipal(account)),
      actions: [...actions],
      resources: [resource],
      conditions: {
        ArnEquals: { 'aws:PrincipalArn': gateways.map(({ roleArn }) => roleArn) },
        ...onlyPartitions('StringEquals', partitions),
      },
    });
  });
}
