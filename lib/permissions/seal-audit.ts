import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditBucketName } from '#contract/resources.ts';
import { segmentPrefix } from '#core/audit/chain.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { grantMoveAuditHead } from '../constructs/table-access.ts';
import type { Place } from '../places.ts';

/** Writing segments, reading those that stand there, and moving the head. Receiving records is granted with the queue's events. */
export function grantSealAudit(
  grantee: IGrantable & IConstruct,
  of: { readonly config: Pick<SpillwayConfig, 'name'>; readonly place: Place; readonly key: IKey },
): void {
  const { config, place, key } = of;
  const { account, region } = place;
  const bucket = `arn:aws:s3:::${auditBucketName(config.name, account, region)}`;
  const segments = `${bucket}/${segmentPrefix}*`;
  const statements = [
    { sid: 'WriteSegments', actions: ['s3:GetObject', 's3:PutObject'], resources: [segments] },
    // Without it S3 calls a segment that is not there forbidden.
    { sid: 'MissSegments', actions: ['s3:ListBucket'], resources: [bucket] },
    // A chain begins where no version of a segment is kept, and nowhere else.
    { sid: 'FindVersions', actions: ['s3:ListBucketVersions'], resources: [bucket] },
    { sid: 'UseSegmentKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] },
  ];
  for (const statement of statements)
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  acknowledge(grantee, {
    [`AwsSolutions-IAM5[Resource::${segments}]`]:
      'Segments, whose places nobody knows before they are sealed.',
  });
  grantMoveAuditHead(grantee, { deployment: config.name, account }, region);
}
