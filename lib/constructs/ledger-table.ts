import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ledgerKeys, tableName } from '#contract/resources.ts';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import { encryptionUnder, type IRegionKey } from './region-key.ts';
import { grantUseLedger } from './table-access.ts';

export interface LedgerTableProps {
  readonly deployment: string;
  /** Of the gateway. */
  readonly account: string;
  readonly region: string;
  /** @default - a key of DynamoDB's own */
  readonly key?: IRegionKey;
}

/**
 * What is left of tenants' requests and tokens in one gateway region. Stands beside the gateway that writes it, in its
 * account: no other region has a value in it, and no other account touches it. Goes with its stack, since what it says
 * is worth a minute: without it every bucket is full again.
 */
export class LedgerTable extends Construct {
  readonly table: TableV2;
  private readonly place: LedgerTableProps;

  constructor(scope: Construct, id: string, props: LedgerTableProps) {
    super(scope, id);
    this.place = props;
    this.table = new TableV2(this, 'Table', {
      tableName: tableName(props.deployment, 'ledger'),
      partitionKey: { name: ledgerKeys.partition, type: AttributeType.STRING },
      sortKey: { name: ledgerKeys.sort, type: AttributeType.STRING },
      timeToLiveAttribute,
      billing: Billing.onDemand(),
      encryption: encryptionUnder(props.key),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Taking from buckets and giving back, and nothing else. */
  grantUse(grantee: IGrantable): void {
    grantUseLedger(
      grantee,
      { deployment: this.place.deployment, account: this.place.account },
      this.place.region,
    );
    this.place.key?.grantUseTables(grantee);
  }
}
