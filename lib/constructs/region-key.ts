import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { type ForeignReaders, regionKeyPolicy, tableKeyActions, throughDynamoDb } from './key-policy.ts';

/** A key for tables and logs of one account and region, made here or not. */
export interface IRegionKey extends IConstruct {
  readonly key: IKey;
  /** Reading and writing tables under the key, beside what the tables themselves ask for. */
  grantUseTables(grantee: IGrantable): void;
}

export interface RegionKeyProps {
  readonly deployment: string;
  /** What it is for, as the console shows it. */
  readonly description: string;
  /**
   * Another name by which stacks of other accounts and regions know it, `alias/…`.
   * @default - known by its ARN alone
   */
  readonly alias?: string;
  /**
   * Who of other accounts reads tables under it: statements that allow `kms:Decrypt` through DynamoDB.
   * @default - nobody
   */
  readonly foreignReaders?: readonly ForeignReaders[];
}

/**
 * A deployment's own key in one account and region, for tables and logs. Nobody can use it but through DynamoDB, by the
 * account's own policies, and CloudWatch Logs for the deployment's own log groups: it decrypts nothing by hand.
 *
 * Outlives its stack, as the tables do that can be read with it alone.
 */
export class RegionKey extends Construct implements IRegionKey {
  /**
   * A key that exists, in the stack's account and region. Its policy must let DynamoDB use it in callers' names and
   * CloudWatch Logs for log groups; `spillway` changes nothing about it.
   */
  static fromKeyArn(scope: Construct, id: string, keyArn: string): IRegionKey {
    return new ExistingRegionKey(scope, id, keyArn);
  }

  readonly key: IKey;

  constructor(scope: Construct, id: string, props: RegionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: props.description,
      ...(props.alias === undefined ? {} : { alias: props.alias }),
      enableKeyRotation: true,
      policy: regionKeyPolicy(Stack.of(this), props),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  grantUseTables(grantee: IGrantable): void {
    grantUseTableKey(grantee, this);
  }
}

/** A key that exists is used as one that is made here; its policy is its owner's affair. */
class ExistingRegionKey extends Construct implements IRegionKey {
  readonly key: IKey;

  constructor(scope: Construct, id: string, keyArn: string) {
    super(scope, id);
    this.key = Key.fromKeyArn(this, 'Key', keyArn);
  }

  grantUseTables(grantee: IGrantable): void {
    grantUseTableKey(grantee, this);
  }
}

function grantUseTableKey(grantee: IGrantable, owner: IRegionKey): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'UseTableKey',
      actions: [...tableKeyActions],
      resources: [owner.key.keyArn],
      conditions: throughDynamoDb([Stack.of(owner).region]),
    }),
  );
}

/** What a table is encrypted with: the key, or one that DynamoDB owns. */
export function encryptionUnder(owner: IRegionKey | undefined): TableEncryptionV2 {
  return owner === undefined
    ? TableEncryptionV2.dynamoOwnedKey()
    : TableEncryptionV2.customerManagedKey(owner.key);
}
