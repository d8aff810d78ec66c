/** What the audit trail of a gateway region needs. */

import { auditBucketName, auditQueueName, tableArn } from '#contract/resources.ts';
import { segmentPrefix } from '#core/audit/chain.ts';
import {
  type Caller,
  type CallFacts,
  type CallPlace,
  type CallUse,
  deployment,
} from '#test/builders/call-uses.ts';
import type { DeployedPolicies } from '#test/builders/deployed-policies.ts';

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
  ];
}

function keyOf({ encryption }: DeployedPolicies, bucket: string): readonly CallFacts[] {
  const key = encryption.get(bucket);
  return key === undefined
    ? []
    : ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: key }));
}
