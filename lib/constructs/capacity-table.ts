import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { capacityKeys, tableName } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { encryptionUnder, type IRegionKey } from './region-key.ts';
import { grantUseCapacity } from './table-access.ts';

export interface CapacityTableProps {
  readonly deployment: string;
  /** Of the gateway. */
  readonly account: string;
  readonly region: string;
  /** @default - a key of DynamoDB's own */
  readonly key?: IRegionKey;
}

/**
 * Who holds which slot of a target in one gateway region. Stands beside the gateway that writes it, in its account: no
 * other region has a value in it, and no other account touches it. Goes with its stack, since what it says is worth half
 * a minute: without it every slot is free again.
 */
export class CapacityTable extends Construct {
  readonly table: TableV2;
  private readonly place: CapacityTableProps;

  constructor(scope: Construct, id: string, props: CapacityTableProps) {
    super(scope, id);
    this.place = props;
    this.table = new TableV2(this, 'Table', {
      tableName: tableName(props.deployment, 'capacity'),
      partitionKey: { name: capacityKeys.partition, type: AttributeType.STRING },
      sortKey: { name: capacityKeys.sort, type: AttributeType.STRING },
      timeToLiveAttribute,
      billing: Billing.onDemand(),
      encryption: encryptionUnder(props.key),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Taking slots and giving them back, and nothing else. */
  grantUse(grantee: IGrantable): void {
    grantUseCapacity(
      grantee,
      { deployment: this.place.deployment, account: this.place.account },
      this.place.region,
    );
    this.place.key?.grantUseTables(grantee);
  }
}
