import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { PipelineArtifacts } from '#lib/constructs/pipeline-artifacts.ts';
import { built } from '#test/lib/built.ts';

const template = built((stack) => {
  new PipelineArtifacts(stack, 'Artifacts', { deployment: 'acme' });
});

describe('PipelineArtifacts', () => {
  it('keeps what is handed on for as long as a stage may go back to it, under its own key, for nobody outside', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) }),
        ],
      },
    });
  });

  it('lets CloudWatch Logs use the key for the logs of this pipeline, and names every action', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const statements: readonly { Sid: string; Action: string | string[]; Condition?: object }[] =
      key?.Properties.KeyPolicy.Statement;
    const logs = statements.find(({ Sid }) => Sid === 'KeepLogs');
    expect(logs?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn':
          'arn:aws:logs:us-east-1:111111111111:log-group:/spillway/acme-waves-*',
      },
    });
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });
});
