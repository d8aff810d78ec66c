import type { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { logGroupPrefix } from '../deployment-names.ts';

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

/** Holds for calls that DynamoDB makes in the caller's name. */
export function throughDynamoDb(regions: readonly string[]) {
  return { StringEquals: { 'kms:ViaService': regions.map((region) => `dynamodb.${region}.amazonaws.com`) } };
}

/** In the policy of a key, `*` is the key itself. */
export function administer(account: string): PolicyStatement {
  const principals = [new AccountPrincipal(account)];
  return new PolicyStatement({
    sid: 'Administer',
    principals,
    actions: [...ADMINISTRATION],
    resources: ['*'],
  });
}

/**
 * For a key of what one function or bucket keeps: the account's own policies say who may use it, and nobody else can.
 * CDK's own would allow the account every action that there is or will be.
 */
export function accountKeyPolicy({ account }: Stack): PolicyDocument {
  const use = new PolicyStatement({
    sid: 'UseByPolicies',
    principals: [new AccountPrincipal(account)],
    actions: ['kms:CreateGrant', ...USE],
    resources: ['*'],
  });
  return new PolicyDocument({ statements: [administer(account), use] });
}

/** A key of tables and logs: nobody uses it but through DynamoDB, and CloudWatch Logs. */
export function regionKeyPolicy(
  stack: Stack,
  use: { readonly deployment: string; readonly foreignReaders?: readonly ForeignReaders[] },
): PolicyDocument {
  return new PolicyDocument({ statements: [administer(stack.account), ...regionKeyStatements(stack, use)] });
}

/** What such a key's policy must allow, whoever made it. */
export function regionKeyStatements(
  { account, region }: Pick<Stack, 'account' | 'region'>,
  {
    deployment,
    foreignReaders = [],
  }: { readonly deployment: string; readonly foreignReaders?: readonly ForeignReaders[] },
): readonly PolicyStatement[] {
  const owner = new AccountPrincipal(account);
  const common = { resources: ['*'] };
  const logGroups = `arn:aws:logs:${region}:${account}:log-group:${logGroupPrefix}${deployment}-*`;
  return [
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
