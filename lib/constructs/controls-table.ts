import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlKeys, tableArn } from '#contract/resources.ts';
import type { IRegionKey } from './region-key.ts';
import { createReplicatedTable } from './replicated-table.ts';
import type { StrongSet } from './strong-set.ts';
import { controlReadActions, controlWriteActions, onlyPartitions } from './table-access.ts';

export interface ControlsTableProps {
  readonly deployment: string;
  /** The home account. */
  readonly account: string;
  /** The home region, in which the stack stands; one of the set's copies. */
  readonly region: string;
  /** Chosen once: DynamoDB neither adds a region later nor takes one away. */
  readonly set: StrongSet;
  /**
   * The key of the home region; those of the other copies are known by their alias. A witness has none.
   * @default - keys that DynamoDB owns
   */
  readonly key?: IRegionKey;
  /**
   * By region, the ARN of another copy's key that was there before.
   * @default - they are known by the alias of the deployment
   */
  readonly replicaKeys?: Readonly<Record<string, string>>;
  /**
   * Roles of other accounts that read the copy of their region. A role need not exist yet.
   * @default - none: only the home account reads
   */
  readonly foreignGateways?: readonly ForeignGateway[];
  /**
   * Whether those gateways carry out operators' orders: disabling in their own region, pins and rollbacks at home.
   * @default false
   */
  readonly operated?: boolean;
}

interface ForeignGateway {
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
}

/**
 * Holds and disabled targets where a word that was confirmed is read by everybody from then on. No item of it vanishes
 * by itself: such tables know no time to live.
 */
export class ControlsTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ControlsTableProps) {
    super(scope, id);
    const { set, region } = props;
    this.table = createReplicatedTable(this, {
      ...props,
      kind: 'controls',
      keys: controlKeys,
      replicaRegions: set.copiesBeside(region),
      strong: set,
      policyFor: (each) => policyFor(props, each),
    });
  }
}

/** Each gateway of another account on the copy of its region, and all that are operated at home, where holds are written. */
function policyFor(props: ControlsTableProps, region: string): PolicyDocument | undefined {
  const { foreignGateways = [], operated = false, region: home } = props;
  const resource = tableArn({ ...props, kind: 'controls', region });
  const readers = foreignGateways.filter(
    (gateway) => gateway.region === region || (operated && region === home),
  );
  if (readers.length === 0) return undefined;
  const writers = operated ? readers : [];
  const statements = [
    statementOf(readers, { sid: 'ReadControls', actions: controlReadActions, resource }),
    ...(writers.length === 0
      ? []
      : [
          statementOf(writers, {
            sid: 'SayControls',
            actions: controlWriteActions,
            resource,
            conditions: onlyPartitions('StringEquals', [region]),
          }),
        ]),
  ];
  return new PolicyDocument({ statements });
}

function statementOf(
  gateways: readonly ForeignGateway[],
  what: {
    readonly sid: string;
    readonly actions: readonly string[];
    readonly resource: string;
    readonly conditions?: Readonly<Record<string, unknown>>;
  },
): PolicyStatement {
  const accounts = [...new Set(gateways.map(({ account }) => account))].sort();
  return new PolicyStatement({
    sid: what.sid,
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: [...what.actions],
    resources: [what.resource],
    conditions: {
      ArnEquals: { 'aws:PrincipalArn': [...new Set(gateways.map(({ roleArn }) => roleArn))].sort() },
      ...what.conditions,
    },
  });
}
