import { Key } from 'aws-cdk-lib/aws-kms';
import { expect, it } from 'vitest';
import { grantSealAudit } from '#lib/permissions/seal-audit.ts';
import { built, home, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

it('lets a role write and read segments of one bucket, delete none, and move the head of one table', () => {
  const template = built((stack) => {
    const key = new Key(stack, 'Key');
    grantSealAudit(someFunction(stack), { config: { name: 'acme' }, place: home, key });
  });
  const bucket = 'arn:aws:s3:::acme-audit-111111111111-us-east-1';
  expect(statementOf(template, 'WriteSegments')).toMatchObject({
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: [`${bucket}/segments/*`],
  });
  expect(statementOf(template, 'MissSegments')).toMatchObject({
    Action: ['s3:ListBucket'],
    Resource: [bucket],
  });
  expect(statementOf(template, 'FindVersions')).toMatchObject({
    Action: ['s3:ListBucketVersions'],
    Resource: [bucket],
  });
  expect(statementOf(template, 'UseSegmentKey').Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  expect(statementOf(template, 'MoveAuditHead')).toBeDefined();
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toMatch(/Delete|Retention/);
});
