/** What the audit trail of a gateway region needs. */

import {
  auditBucketName,
  auditQueueName,
  auditRootBucketName,
  auditRootKeyAlias,
  tableArn,
} from '#contract/resources.ts';
import { segmentPrefix } from '#core/audit/chain.ts';
import { rootPrefix } from '#core/audit/signed-root.ts';
import acme from '#examples/acme.config.ts';
import { gatewayPlaces } from '#lib/places.ts';
import {
  type Caller,
  type CallFacts,
  type CallPlace,
  type CallUse,
  deployment,
  homePlace,
} from '#test/builders/call-uses.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';
import { checkedConfig } from '#test/lib/acme.ts';

const auditedPlaces = gatewayPlaces(checkedConfig(acme));

const bucketOf = ({ account, region }: CallPlace) =>
  `arn:aws:s3:::${auditBucketName(deployment, account, region)}`;

const queueOf = ({ account, region }: CallPlace) =>
  `arn:aws:sqs:${region}:${account}:${auditQueueName(deployment)}`;

export function auditCalls(deployed: DeployedPolicies): readonly CallUse[] {
  const use = (by: Caller, purpose: string, at: (place: CallPlace) => readonly CallFacts[]): CallUse => ({
    by,
    for: purpose,
    at,
  });
  const segments = ['s3:GetObject', 's3:PutObject'];
  return [
    use('gateway', 'handing records over', (place) =>
      ['sqs:GetQueueUrl', 'sqs:SendMessage'].map((action) => ({ action, resource: queueOf(place) })),
    ),
    use('audit', 'being started by records', (place) =>
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
        action,
        resource: queueOf(place),
      })),
    ),
    use('audit', 'segments of the chain', (place) => [
      ...segments.map((action) => ({ action, resource: `${bucketOf(place)}/${segmentPrefix}some-id` })),
      { action: 's3:ListBucket', resource: bucketOf(place) },
      { action: 's3:ListBucketVersions', resource: bucketOf(place) },
      ...keyOf(deployed, bucketOf(place)),
    ]),
    use('audit', 'the head of the chain', ({ account, region }) =>
      ['dynamodb:GetItem', 'dynamodb:PutItem'].map((action) => ({
        action,
        resource: tableArn({ deployment, kind: 'audit', account, region }),
      })),
    ),
    ...witnessCalls(deployed, use),
  ];
}

function witnessCalls(
  { aliases }: DeployedPolicies,
  use: (by: Caller, purpose: string, at: (place: CallPlace) => readonly CallFacts[]) => CallUse,
): readonly CallUse[] {
  const signing = [...aliases].filter(([, alias]) => alias === auditRootKeyAlias(deployment));
  const roots = `arn:aws:s3:::${auditRootBucketName(deployment, homePlace.account, homePlace.region)}`;
  return [
    use('witness', 'how far chains are', () =>
      auditedPlaces.map(({ account, region }) => ({
        action: 'dynamodb:GetItem',
        resource: tableArn({ deployment, kind: 'audit', account, region }),
      })),
    ),
    use('witness', 'signing that', () => signing.map(([key]) => ({ action: 'kms:Sign', resource: key }))),
    use('witness', 'keeping what is signed', () => [
      { action: 's3:PutObject', resource: `${roots}/${rootPrefix(deployment)}some-id` },
      { action: 's3:ListBucketVersions', resource: roots },
    ]),
  ];
}

function keyOf({ encryption }: DeployedPolicies, bucket: string): readonly CallFacts[] {
  const key = encryption.get(bucket);
  return key === undefined
    ? []
    : ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: key }));
}
