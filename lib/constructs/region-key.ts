import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import {
  AccountPrincipal,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { logGroupPrefix } from '../deployment-names.ts';

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

/** Roles of other accounts that read tables. They need not exist yet. */
export interface ForeignReaders {
  readonly sid: string;
  readonly accounts: readonly string[];
  /** Compared with `aws:PrincipalArn`. */
  readonly principals: { readonly ArnEquals: readonly string[] } | { readonly ArnLike: readonly string[] };
}

/** What whoever owns the account may do with the key: everything but using it and granting its use. */
const ADMINISTRATION: readonly string[] = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** What a service does with a key for what it keeps: the actions of both are the same, the conditions are not. */
const USE: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What reading and writing a table takes of its caller: DynamoDB opens the table's own key in the caller's name. */
export const tableKeyActions: readonly string[] = ['kms:Decrypt'];

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
      policy: policyOf(Stack.of(this), props),
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

/** Holds for calls that DynamoDB makes in the caller's name. */
export function throughDynamoDb(regions: readonly string[]) {
  return { StringEquals: { 'kms:ViaService': regions.map((region) => `dynamodb.${region}.amazonaws.com`) } };
}

/** In the policy of a key, `*` is the key itself. */
function policyOf({ account, region }: Stack, props: RegionKeyProps): PolicyDocument {
  const { deployment, foreignReaders = [] } = props;
  const owner = new AccountPrincipal(account);
  const common = { resources: ['*'] };
  const logGroups = `arn:aws:logs:${region}:${account}:log-group:${logGroupPrefix}${deployment}-*`;
  const statements = [
    new PolicyStatement({ ...common, sid: 'Administer', principals: [owner], actions: [...ADMINISTRATION] }),
    new PolicyStatement({
      ...common,
      sid: 'KeepTables',
      principals: [owner],
      actions: ['kms:CreateGrant', ...USE],
      conditions: throughDynamoDb([region]),
    }),
    new PolicyStatement({
      ...common,
      sid: 'KeepLogs',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: [...USE],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
    ...foreignReaders.map((readers) => readersStatement(readers, region)),
  ];
  return new PolicyDocument({ statements });
}

function readersStatement({ sid, accounts, principals }: ForeignReaders, region: string): PolicyStatement {
  const [[operator = '', arns = []] = []] = Object.entries(principals);
  return new PolicyStatement({
    sid,
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: [...tableKeyActions],
    resources: ['*'],
    conditions: { ...throughDynamoDb([region]), [operator]: { 'aws:PrincipalArn': [...arns] } },
  });
}
