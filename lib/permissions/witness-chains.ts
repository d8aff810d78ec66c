import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditRootBucketName, gatewayKeyAlias } from '#contract/resources.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { tableKeyActions, throughDynamoDb } from '../constructs/key-policy.ts';
import { grantReadAuditHead } from '../constructs/table-access.ts';
import { gatewayPlaces } from '../places.ts';

/** Reading the heads of all gateway regions, signing, and adding to the roots at home: it can read and change none. */
export function grantWitness(
  grantee: IGrantable & IConstruct,
  { config, key }: { readonly config: SpillwayConfig; readonly key: IKey },
): void {
  const { name, home } = config;
  const bucket = `arn:aws:s3:::${auditRootBucketName(name, home.account, home.region)}`;
  const roots = `${bucket}/roots/*`;
  const places = gatewayPlaces(config);
  const keys = places.map(({ account, region }) => `arn:aws:kms:${region}:${account}:key/*`);
  const statements = [
    { sid: 'SignRoots', actions: ['kms:Sign'], resources: [key.keyArn] },
    { sid: 'AddRoots', actions: ['s3:PutObject'], resources: [roots] },
    { sid: 'FindRoots', actions: ['s3:ListBucketVersions'], resources: [bucket] },
    {
      sid: 'UseGatewayKeys',
      actions: [...tableKeyActions],
      resources: keys,
      conditions: {
        ...throughDynamoDb(places.map(({ region }) => region)),
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': gatewayKeyAlias(name) },
      },
    },
  ];
  for (const statement of statements)
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  grantReadAuditHead(grantee, name, places);
  const byAlias =
    'The key’s id is chosen when it is made; the alias in the condition says which key is meant.';
  acknowledge(grantee, {
    [`AwsSolutions-IAM5[Resource::${roots}]`]: 'Roots, whose places nobody knows before they are signed.',
    ...Object.fromEntries(keys.map((arn) => [`AwsSolutions-IAM5[Resource::${arn}]`, byAlias])),
  });
}
