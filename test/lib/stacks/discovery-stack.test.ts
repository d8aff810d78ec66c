import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { identityStatements, statementOf, synthesized } from '#test/lib/synthesized.ts';

const { template, stacks } = synthesized();
const frankfurt = template('Discovery-222222222222-eu-central-1');
const virginia = template('Discovery-111111111111-us-east-1');

describe('DiscoveryStack', () => {
  it('runs the discover function of its own account and region, one run at a time', () => {
    frankfurt.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'acme-discover',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      ReservedConcurrentExecutions: 1,
      Environment: {
        Variables: {
          SPILLWAY_CONFIG: 'spillway.config.json',
          SPILLWAY_ACCOUNT: '222222222222',
          NODE_OPTIONS: '--max-semi-space-size=8',
        },
      },
    });
  });

  it('is called every minute by the scheduler, through a role that may call this function only', () => {
    frankfurt.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'acme-discover',
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: Match.objectLike({
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 },
      }),
    });
    frankfurt.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': '222222222222',
                'aws:SourceArn': 'arn:aws:scheduler:eu-central-1:222222222222:schedule-group/default',
              },
            },
          }),
        ],
      }),
    });
    expect(statementOf(frankfurt, 'Call').Action).toEqual(['lambda:InvokeFunction']);
  });

  it('spreads longer periods over their minutes by account and region', () => {
    const config = checkedConfig({ ...acme, discovery: { ...acme.discovery, everySeconds: 900 } });
    const { assembly } = synthesized({ config });
    const expressions = assembly.stacks
      .filter(({ id }) => id.startsWith('Discovery-'))
      .map(({ template }) => JSON.stringify(template).match(/cron\(\d+\/15 [^)]*\)/)?.[0]);
    expect(expressions).toHaveLength(10);
    expect(expressions).not.toContain(undefined);
    expect(new Set(expressions).size).toBeGreaterThan(4);
  });

  it('keeps failed and undelivered calls in an encrypted queue for two weeks', () => {
    frankfurt.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    frankfurt.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    frankfurt.hasResourceProperties('AWS::Lambda::Function', {
      DeadLetterConfig: { TargetArn: Match.anyValue() },
    });
  });

  it('forgets its log after a month', () => {
    frankfurt.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/spillway/acme-discover',
      RetentionInDays: 30,
    });
  });

  it('may read the catalogue of its region and write its own observations, and no more', () => {
    expect(statementOf(frankfurt, 'ReadCatalogue')).toMatchObject({
      Action: [
        'bedrock:GetFoundationModelAvailability',
        'bedrock:ListFoundationModels',
        'bedrock:ListInferenceProfiles',
        'servicequotas:ListServiceQuotas',
      ],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
    });
    expect(statementOf(frankfurt, 'WriteOwnObservations')).toMatchObject({
      Resource: ['arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations'],
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['222222222222#eu-central-1'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
    expect(statementOf(frankfurt, 'PutMetrics').Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': 'Spillway/Availability' },
    });
    const actions = identityStatements(frankfurt).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /Invoke(Model|Endpoint)|AssumeRole|\*/.test(action))).toEqual([]);
  });

  it('may describe the endpoints of its own account and region only', () => {
    expect(statementOf(virginia, 'ReadEndpoints').Resource).toEqual([
      'arn:aws:sagemaker:us-east-1:111111111111:endpoint/chat-small',
    ]);
    expect(identityStatements(frankfurt).some(({ Sid }) => Sid === 'ReadEndpoints')).toBe(false);
  });

  it('tells by alarms when it fails, is held back, left calls behind or is silent, and about which place', () => {
    const alarms = Object.values(frankfurt.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmName).sort()).toEqual([
      'acme-discover-errors',
      'acme-discover-failed-calls',
      'acme-discover-silent',
      'acme-discover-throttles',
    ]);
    frankfurt.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'acme-discover-silent',
      AlarmDescription: Match.stringLikeRegexp('222222222222 in eu-central-1.*First: '),
      TreatMissingData: 'breaching',
    });
  });

  it('offers what alarms need', () => {
    const discover = stacks.discovery[0]?.discover;
    expect(discover?.metricErrors().metricName).toBe('Errors');
    expect(discover?.metricThrottles().metricName).toBe('Throttles');
    expect(discover?.metricFailedCallsWaiting()?.metricName).toBe('ApproximateNumberOfMessagesVisible');
  });
});
