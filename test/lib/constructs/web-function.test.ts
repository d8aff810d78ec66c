import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { GatewayWebFunction, type WebRelease } from '#lib/constructs/web-function.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

function released(releases: readonly WebRelease[], environmentsMax?: number): Template {
  return built((stack) => {
    const web = new GatewayWebFunction(stack, 'Web', {
      functionName: 'acme-web',
      role: someFunction(stack).role,
      configJson: '{}',
      secretEnvironment: { SPILLWAY_KEY_PEPPER: 'from-elsewhere' },
      timeout: Duration.seconds(310),
      releases,
      logRetention: RetentionDays.SIX_MONTHS,
      ...(environmentsMax === undefined ? {} : { environmentsMax }),
    });
    expect(web.domainName === undefined).toBe(releases.length === 0);
  });
}

const fromRevisions = {
  StringEquals: { 'aws:SourceAccount': '111111111111' },
  ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111111111111:web-function/acme-web/revision/*' },
};

describe('GatewayWebFunction', () => {
  it('makes the bucket for releases first, which Lambda alone reads for its revisions', () => {
    const template = released([]);
    template.hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'ReadReleases',
            Action: ['s3:GetObject', 's3:GetObjectVersion'],
            Principal: { Service: 'lambda.amazonaws.com' },
            Condition: fromRevisions,
          }),
        ]),
      }),
    });
    for (const type of ['WebFunction', 'WebFunctionRevision', 'WebFunctionEndpoint'])
      template.resourceCountIs(`AWS::Lambda::${type}`, 0);
  });

  it('shares requests among releases by weight, in one region, and leaves callers to the gateway', () => {
    const template = released(
      [
        { name: '2026-11-20', version: 'v1', weight: 95 },
        { name: '2026-11-21', version: 'v2', weight: 5 },
      ],
      20,
    );
    const revisions = Object.keys(template.findResources('AWS::Lambda::WebFunctionRevision'));
    template.hasResourceProperties('AWS::Lambda::WebFunctionEndpoint', {
      EndpointType: 'HomeRegion',
      AuthType: 'ApplicationManaged',
      ScalingConfig: { MaxEnvironments: 20 },
      RevisionWeights: [
        { RevisionId: { 'Fn::GetAtt': [revisions[0], 'RevisionId'] }, Weight: 95 },
        { RevisionId: { 'Fn::GetAtt': [revisions[1], 'RevisionId'] }, Weight: 5 },
      ],
    });
  });

  it('runs each release from its archive, under the gateway’s role, with many requests at a time', () => {
    const template = released([{ name: '2026-11-21', version: 'v2', weight: 100 }]);
    template.hasResourceProperties('AWS::Lambda::WebFunctionRevision', {
      BuildConfig: {
        CodeConfig: {
          S3Object: { Key: 'releases/2026-11-21.zip', VersionId: 'v2', Bucket: Match.anyValue() },
        },
        RuntimeConfig: { Runtime: 'nodejs24.x' },
      },
      ServiceConfig: Match.objectLike({
        MaxConcurrencyPerEnvironment: 64,
        TimeoutSeconds: 310,
        EnvironmentVariables: {
          AWS_LAMBDA_NODEJS_ENTRYPOINT: 'index.mjs',
          SPILLWAY_CONFIG: 'spillway.config.json',
          SPILLWAY_ACCOUNT: '111111111111',
          SPILLWAY_KEY_PEPPER: 'from-elsewhere',
        },
      }),
      KmsKeyArn: Match.anyValue(),
    });
    const keys = Object.values(template.findResources('AWS::KMS::Key'));
    const statements: { Sid?: string; Action: unknown; Condition: unknown }[] =
      keys[0]?.Properties.KeyPolicy.Statement;
    expect(statements.find(({ Sid }) => Sid === 'UseForRevisions')).toMatchObject({
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      Condition: fromRevisions,
    });
    expect(statementOf(template, 'WriteLogOfWeb').Action).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});
