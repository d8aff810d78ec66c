import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { discoverRolePattern, observationKeys, tableArn, tableName } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { invariant } from '#core/units/invariant.ts';
import { ExistingTable, type IStateTable } from './existing-table.ts';
import { encryptionUnder, type IRegionKey } from './region-key.ts';
import { observationReadActions, observationWriteActions, onlyPartitions } from './table-access.ts';

export interface ObservationsTableProps {
  readonly deployment: string;
  /** The home account and region, in which the stack stands. */
  readonly account: string;
  readonly region: string;
  /**
   * A key of the home region.
   * @default - a key that DynamoDB owns
   */
  readonly key?: IRegionKey;
  /**
   * Accounts besides home whose discovery writes here, each in its own partitions only.
   * @default - none: only the home account writes
   */
  readonly foreignAccounts?: readonly string[];
  /**
   * Roles of other accounts that read all of it: their gateways. A role need not exist yet.
   * @default - none: only the home account reads
   */
  readonly foreignReaders?: readonly ForeignReader[];
}

interface ForeignReader {
  readonly account: string;
  readonly roleArn: string;
}

export interface IObservationsTable extends IStateTable {
  /** Says which items changed. */
  readonly streamArn: string;
}

/** What discovery learned, in the home region. */
export class ObservationsTable extends Construct implements IObservationsTable {
  /** The table is there, with a stream; `props` say who needs it, and synth what its policy must hold. */
  static fromDeployment(
    scope: Construct,
    id: string,
    props: ObservationsTableProps & { readonly streamArn: string },
  ): IObservationsTable {
    return new ExistingObservations(scope, id, props);
  }

  readonly table: TableV2;
  /** Says which items changed. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: ObservationsTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName: tableName(props.deployment, 'observations'),
      partitionKey: { name: observationKeys.partition, type: AttributeType.STRING },
      sortKey: { name: observationKeys.sort, type: AttributeType.STRING },
      timeToLiveAttribute,
      // Tells plan that something changed; it reads what is there, so the keys are enough.
      dynamoStream: StreamViewType.KEYS_ONLY,
      billing: Billing.onDemand(),
      encryption: encryptionUnder(props.key),
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
      ...resourcePolicyFor(props),
    });
    const { tableStreamArn } = this.table;
    invariant(tableStreamArn !== undefined, 'a table with dynamoStream has a stream');
    this.streamArn = tableStreamArn;
  }
}

class ExistingObservations extends ExistingTable implements IObservationsTable {
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: ObservationsTableProps & { readonly streamArn: string }) {
    super(scope, id, {
      ...props,
      kind: 'observations',
      replicaRegions: [],
      statementsFor: () => statementsFor(props),
    });
    this.streamArn = props.streamArn;
  }
}

/** A table that no other account touches has no policy. */
function resourcePolicyFor(props: ObservationsTableProps): { readonly resourcePolicy?: PolicyDocument } {
  const statements = statementsFor(props);
  return statements.length === 0 ? {} : { resourcePolicy: new PolicyDocument({ statements }) };
}

function statementsFor(props: ObservationsTableProps): PolicyStatement[] {
  const { foreignAccounts = [], foreignReaders = [] } = props;
  return [
    ...(foreignAccounts.length === 0 ? [] : [ownPartitionsOnly(props, foreignAccounts)]),
    ...(foreignReaders.length === 0 ? [] : [readEverything(props, foreignReaders)]),
  ];
}

function readEverything(props: ObservationsTableProps, readers: readonly ForeignReader[]): PolicyStatement {
  const accounts = [...new Set(readers.map(({ account }) => account))].sort();
  return new PolicyStatement({
    sid: 'ReadObservations',
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: [...observationReadActions],
    resources: [tableArn({ ...props, kind: 'observations' })],
    conditions: { ArnEquals: { 'aws:PrincipalArn': readers.map(({ roleArn }) => roleArn) } },
  });
}

/**
 * One statement for all accounts: a policy holds 20 KB, less than a statement each would take for hundreds of account
 * and region pairs. The caller's own account fills in the variable, so that no account can write for another; which
 * region a role writes for is narrowed by that role's own policy.
 */
function ownPartitionsOnly(props: ObservationsTableProps, accounts: readonly string[]): PolicyStatement {
  // A variable of IAM's, filled in with the caller's account when it calls.
  const callersAccount = '$' + '{aws:PrincipalAccount}';
  return new PolicyStatement({
    sid: 'WriteOwnObservations',
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: [...observationWriteActions],
    resources: [tableArn({ ...props, kind: 'observations' })],
    conditions: {
      ArnLike: { 'aws:PrincipalArn': discoverRolePattern(props.deployment) },
      ...onlyPartitions('StringLike', [`${callersAccount}#*`]),
    },
  });
}
