import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { CopyScaling } from '#lib/constructs/dedicated/copy-scaling.ts';
import { noCapacityFailuresMetric } from '#lib/constructs/dedicated/endpoint-metrics.ts';
import { aSoundDeployment } from '#test/builders/a-deployment.ts';
import { built } from '#test/lib/built.ts';

const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

const scaled = (changes: Partial<Deployment> = {}, measuredModel?: string) =>
  built((stack: Stack) => {
    new CopyScaling(stack, 'Copies', {
      deployment: aSoundDeployment(changes),
      noCapacityFailures: noCapacityFailuresMetric('chat-small-copies'),
      ...(measuredModel === undefined ? {} : { measuredModel }),
    });
  });

describe('copies', () => {
  it('follow requests in flight on each, sooner up than down, and the model for itself', () => {
    const template = scaled();
    template.hasResourceProperties(TARGET, {
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ResourceId: 'inference-component/chat-small-copies',
      MinCapacity: 2,
      MaxCapacity: 6,
      ScheduledActions: Match.absent(),
    });
    template.resourceCountIs(POLICY, 1);
    template.hasResourceProperties(POLICY, {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 12,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
        ScaleOutCooldown: 30,
        ScaleInCooldown: 600,
      },
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('become more, and never fewer, by the cache that the gateway has reserved', () => {
    scaled({ targetKvShare: 0.5 }, 'chat').hasResourceProperties(POLICY, {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.5,
        CustomizedMetricSpecification: {
          Namespace: 'Spillway/Gateway',
          MetricName: 'KvReservedShare',
          Dimensions: [{ Name: 'Model', Value: 'chat' }],
          Statistic: 'Sum',
        },
        DisableScaleIn: true,
      },
    });
    scaled({ targetKvShare: 0.5 }).resourceCountIs(POLICY, 1);
  });

  it('sleep, and are woken one at a time by a call that found none', () => {
    const template = scaled({ copies: 0, copiesMin: 0 });
    template.hasResourceProperties(TARGET, { MinCapacity: 0 });
    template.hasResourceProperties(POLICY, {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        Cooldown: 600,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    const [wake] = Object.keys(template.findResources(POLICY, { Properties: { PolicyType: 'StepScaling' } }));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SageMaker',
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [{ Name: 'InferenceComponentName', Value: 'chat-small-copies' }],
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: wake }],
    });
  });

  it('have other bounds by the clock', () => {
    const day = { name: 'day', at: 'cron(0 7 ? * MON-FRI *)', copiesMin: 3, copiesMax: 6 };
    // Whoever sleeps by the clock is woken as well.
    scaled({ schedules: [{ ...day, copiesMin: 0 }] }).resourceCountIs('AWS::CloudWatch::Alarm', 1);
    scaled({ schedules: [day, { ...day, name: 'night', timeZone: 'Europe/Berlin' }] }).hasResourceProperties(
      TARGET,
      {
        ScheduledActions: [
          {
            ScheduledActionName: 'day',
            Schedule: 'cron(0 7 ? * MON-FRI *)',
            Timezone: 'UTC',
            ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 6 },
          },
          Match.objectLike({ ScheduledActionName: 'night', Timezone: 'Europe/Berlin' }),
        ],
      },
    );
  });
});
