import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { AuditTrail } from '#lib/constructs/audit-trail.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, home, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

const config = checkedConfig({
  ...acme,
  audit: { enabled: true, retentionDays: 365, mode: 'compliance' },
  metrics: { budgetUsdPerMonth: 300 },
});

describe('AuditTrail', () => {
  let trail: AuditTrail;
  const template = built((stack) => {
    trail = new AuditTrail(stack, 'AuditTrail', {
      config,
      place: home,
      logRetention: RetentionDays.SIX_MONTHS,
    });
    trail.grantHandOver(someFunction(stack));
  });

  it('tells what waits, what was put aside and what never came', () => {
    expect(trail.metricOldestUnsealed().dimensions).toEqual({ QueueName: trail.queue.queueName });
    expect(trail.metricPutAside().dimensions).toEqual({ QueueName: trail.deadQueue.queueName });
    expect(trail.metricUnsent()).toMatchObject({
      metricName: 'AuditRecordsUnsent',
      dimensions: { Region: home.region },
    });
  });

  it('keeps segments in a locked bucket of the gateway’s region, which outlives the stack', () => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: 'acme-audit-111111111111-us-east-1',
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    expect(bucket?.Properties.LifecycleConfiguration).toBeUndefined();
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('names for good what outlives it: under other ids CloudFormation would try to make them twice', () => {
    const idsOf = (type: string) => Object.keys(template.findResources(type));
    expect(idsOf('AWS::S3::Bucket')).toEqual(['AuditTrailBucketA91FD435']);
    expect(idsOf('AWS::DynamoDB::GlobalTable')).toEqual(['AuditTrailTable5A8BB42B']);
    expect(idsOf('AWS::KMS::Key')).toEqual(['AuditTrailKeyA4D56A7A']);
    expect(idsOf('AWS::SQS::Queue')).toEqual(['AuditTrailDeadQueue342B6BB3', 'AuditTrailQueueC4F578DF']);
  });

  it('lets nobody but the sealer write there, and nobody without TLS', () => {
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const statements: Record<string, unknown>[] = policy?.Properties.PolicyDocument.Statement;
    expect(statements.find(({ Sid }) => Sid === 'SealersWriteAlone')).toMatchObject({
      Effect: 'Deny',
      Action: 's3:PutObject',
      Principal: { AWS: '*' },
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': expect.anything() } },
    });
    const hiding = statements.find(({ Sid }) => Sid === 'NobodyHidesSegments');
    expect(hiding).toMatchObject({
      ...{ Effect: 'Deny', Action: 's3:DeleteObject', Principal: { AWS: '*' } },
    });
    expect(hiding).not.toHaveProperty('Condition');
    expect(JSON.stringify(statements)).toContain('"aws:SecureTransport":"false"');
  });

  it('lets gateways hand over and nothing else, and the sealer do what sealing takes', () => {
    expect(statementOf(template, 'HandOverAuditRecords')).toMatchObject({
      Action: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
    });
    expect(statementOf(template, 'MoveAuditHead')).toMatchObject({
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: ['arn:aws:dynamodb:us-east-1:111111111111:table/acme-audit'],
    });
  });

  it('takes what waits in two sealers at most, which say what has to come again', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 30,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'acme-audit', Timeout: 60 });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'acme-audit',
      VisibilityTimeout: 360,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 100 },
    });
  });

  it('keeps how far the chain is in a table that nobody deletes by mistake', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: { TableName: 'acme-audit', Replicas: [{ DeletionProtectionEnabled: true }] },
    });
  });

  it('has a stronger word for those who may lift a lock before its end', () => {
    const governed = built((stack) => {
      const own = { ...config, audit: { ...config.audit, mode: 'governance' } } as typeof config;
      new AuditTrail(stack, 'AuditTrail', {
        ...{ config: own, place: home, logRetention: RetentionDays.SIX_MONTHS },
      });
    });
    const [bucket] = Object.values(governed.findResources('AWS::S3::Bucket'));
    const { Rule } = bucket?.Properties.ObjectLockConfiguration ?? {};
    expect(Rule).toEqual({ DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } });
  });
});
