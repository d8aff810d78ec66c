import { Annotations } from 'aws-cdk-lib';
import { type ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { type TableKind, tableArn } from '#contract/resources.ts';
import { policyText } from '../policy-text.ts';

/** A table of the deployment, made here or not. Who may use it is granted by name. */
export interface IStateTable extends IConstruct {
  readonly table: Pick<ITableV2, 'tableArn' | 'tableName'>;
}

export interface ExistingTableProps {
  readonly deployment: string;
  readonly kind: TableKind;
  /** The home account. */
  readonly account: string;
  /** The home region. */
  readonly region: string;
  /** Regions with a replica besides home. */
  readonly replicaRegions: readonly string[];
  /** What the policy of the table of one region must hold: who of other accounts may use it. */
  readonly statementsFor: (region: string) => readonly PolicyStatement[];
}

/**
 * A table that is there already, under its name of this deployment. Nothing about it is changed: what its policy must hold,
 * for each region in which other accounts use it, is said at synth.
 */
export class ExistingTable extends Construct implements IStateTable {
  readonly table: IStateTable['table'];

  constructor(scope: Construct, id: string, props: ExistingTableProps) {
    super(scope, id);
    const { region: home, replicaRegions, statementsFor } = props;
    this.table = TableV2.fromTableArn(this, 'Table', tableArn(props));
    for (const region of [home, ...replicaRegions]) {
      const statements = statementsFor(region);
      if (statements.length === 0) continue;
      Annotations.of(this).addWarningV2(
        `spillway:table-policy-${props.kind}-${region}`,
        `${tableArn({ ...props, region })} is there already and is not changed: its resource policy must hold ${policyText(this, statements)}`,
      );
    }
  }
}
