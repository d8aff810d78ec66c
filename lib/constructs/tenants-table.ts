import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { tableArn, tenantKeys } from '#contract/resources.ts';
import { ExistingTable, type IStateTable } from './existing-table.ts';
import type { IRegionKey } from './region-key.ts';
import { createReplicatedTable } from './replicated-table.ts';
import { keyReadActions } from './table-access.ts';

export interface TenantsTableProps {
  readonly deployment: string;
  /** The home account. */
  readonly account: string;
  /** The home region, in which the stack stands. */
  readonly region: string;
  /** Regions besides home whose gateways read keys, each from a replica of its own. */
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
   * Gateways of other accounts, each of which reads its region's replica. A role need not exist yet.
   * @default - none: only the home account reads
   */
  readonly foreignGateways?: readonly {
    readonly account: string;
    readonly region: string;
    readonly roleArn: string;
  }[];
}

/** API keys of tenants, as keyed hashes with their scopes. Operators of the home account write it; gateways read it. */
export class TenantsTable extends Construct implements IStateTable {
  /** The table and its replicas are there; `props` say who needs them, and synth what their policies must hold. */
  static fromDeployment(scope: Construct, id: string, props: TenantsTableProps): IStateTable {
    return new ExistingTable(scope, id, {
      ...props,
      kind: 'tenants',
      statementsFor: (region) => statementsFor(props, region),
    });
  }

  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: TenantsTableProps) {
    super(scope, id);
    // No time to live: an expired key is refused by the clock, and its item says why until the next key takes its slot.
    this.table = createReplicatedTable(this, {
      ...props,
      kind: 'tenants',
      keys: tenantKeys,
      policyFor: (region) => policyFor(props, region),
    });
  }
}

function policyFor(props: TenantsTableProps, region: string): PolicyDocument | undefined {
  const statements = statementsFor(props, region);
  return statements.length === 0 ? undefined : new PolicyDocument({ statements });
}

function statementsFor(props: TenantsTableProps, region: string): PolicyStatement[] {
  const gateways = (props.foreignGateways ?? []).filter((gateway) => gateway.region === region);
  return gateways.map(
    ({ account, roleArn }) =>
      new PolicyStatement({
        sid: `ReadKeys${account}`,
        principals: [new AccountPrincipal(account)],
        actions: [...keyReadActions],
        resources: [tableArn({ ...props, kind: 'tenants', region })],
        conditions: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
      }),
  );
}
