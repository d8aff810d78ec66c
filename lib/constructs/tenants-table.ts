import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableName } from '#contract/resources.ts';

export interface TenantsTableProps {
  readonly deployment: string;
}

/**
 * Tenants and the hashes of their keys. Unlike routes, this is about customers, so its key is the deployment's own:
 * each use of it is on record, and taking the key away makes the table unreadable.
 */
export class TenantsTable extends Construct {
  readonly table: TableV2;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: TenantsTableProps) {
    super(scope, id);
    const name = tableName(props.deployment, 'tenants');
    this.key = new Key(this, 'Key', {
      alias: `alias/${name}`,
      description: `Encrypts the table ${name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = new TableV2(this, 'Table', {
      tableName: name,
      partitionKey: { name: 'tenant', type: AttributeType.STRING },
      sortKey: { name: 'item', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
