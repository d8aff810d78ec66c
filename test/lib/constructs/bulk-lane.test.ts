import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { BulkLane } from '#lib/constructs/bulk-lane.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, home, someFunction } from '#test/lib/built.ts';

const config = checkedConfig({ ...acme, batches: { retentionDays: 7, dispatchersMax: 5 } });

describe('BulkLane', () => {
  let lane: BulkLane;
  const template = built((stack) => {
    lane = new BulkLane(stack, 'BulkLane', {
      config,
      place: home,
      gateway: someFunction(stack),
      logRetention: RetentionDays.SIX_MONTHS,
    });
  });

  it('tells of each queue what waits, and what was put aside', () => {
    const names = lane.queues.map(({ queueName }) => queueName);
    expect(lane.metricOldestWork().map(({ dimensions }) => dimensions?.QueueName)).toEqual(names);
    expect(lane.metricPutAside().dimensions).toEqual({ QueueName: lane.deadQueue.queueName });
  });

  it('keeps files in a bucket that nobody else sees, encrypted, and forgets them as configured', () => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: 'acme-batches-111111111111-us-east-1',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [{ ExpirationInDays: 6, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
        },
      },
    });
    const [rule] = bucket?.Properties.BucketEncryption.ServerSideEncryptionConfiguration ?? [];
    expect(rule).toMatchObject({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  it('has a queue per model and one for whole batches, all with one place for what nobody could do', () => {
    const queues = Object.values(template.findResources('AWS::SQS::Queue')).map(
      ({ Properties }) => Properties,
    );
    const living = queues.filter(({ RedrivePolicy }) => RedrivePolicy !== undefined);
    expect(living.map(({ QueueName }) => QueueName).sort()).toEqual([
      'acme-batches',
      'acme-bulk-chat-large',
      'acme-bulk-chat-small',
      'acme-bulk-embed',
    ]);
    for (const queue of living) {
      expect(queue).toMatchObject({
        VisibilityTimeout: 900,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { maxReceiveCount: 24 },
      });
    }
    expect(queues).toHaveLength(5);
  });

  it('runs a dispatcher so many times at once, which says what of its work has to come again', () => {
    const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(sources).toHaveLength(4);
    for (const { Properties } of sources) {
      expect(Properties).toMatchObject({
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      });
    }
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'acme-dispatch', Timeout: 900 });
  });

  it('keeps nothing for more than thirty days, whatever the configuration says', () => {
    const tooMany = parseConfig({ ...acme, batches: { retentionDays: 31 } });
    expect(tooMany.ok).toBe(false);
    const longest = built((stack) => {
      new BulkLane(stack, 'BulkLane', {
        config: checkedConfig({ ...acme, batches: { retentionDays: 30 } }),
        place: home,
        gateway: someFunction(stack),
        logRetention: RetentionDays.SIX_MONTHS,
      });
    });
    for (const { Properties } of Object.values(longest.findResources('AWS::S3::Bucket'))) {
      expect(Properties.VersioningConfiguration).toBeUndefined();
      const rules: { ExpirationInDays: number; Status: string; Prefix?: string }[] =
        Properties.LifecycleConfiguration.Rules;
      // A bucket forgets at the midnight that follows.
      expect(rules).toMatchObject([{ ExpirationInDays: 29, Status: 'Enabled' }]);
      expect(rules[0]?.Prefix ?? '').toBe('');
    }
    for (const { Properties } of Object.values(longest.findResources('AWS::SQS::Queue')))
      expect(Properties.MessageRetentionPeriod).toBeLessThanOrEqual(14 * 86_400);
    for (const { Properties } of Object.values(longest.findResources('AWS::DynamoDB::GlobalTable')))
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  });

  it('keeps what it knows in a table that forgets', () => {
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties).toMatchObject({
      TableName: 'acme-batches',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });
});
