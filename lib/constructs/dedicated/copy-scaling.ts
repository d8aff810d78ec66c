import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import { kvReservedShareMetric } from './endpoint-metrics.ts';

/** More copies soon, fewer late: a copy that was wrongly let go is missed for minutes. */
const SCALE_OUT_COOLDOWN_SECONDS = 30;
const SCALE_IN_COOLDOWN_SECONDS = 600;

/** Longer than a first copy was seen to take from nothing (564 s): calls that fail meanwhile wake no second one. */
const WAKE_COOLDOWN_SECONDS = 600;

export interface CopyScalingProps {
  readonly deployment: SoundDeployment;
  /** Calls that found no copy, a minute. */
  readonly noCapacityFailures: IMetric;
  /**
   * The logical model whose reserved cache is measured beside the endpoint.
   * @default - copies follow requests in flight alone
   */
  readonly measuredModel?: string;
}

/**
 * Makes the copies of one inference component more and fewer.
 *
 * Each model scales for itself, by the requests in flight on each of its copies as SageMaker measures them every ten
 * seconds. The cache that the gateway has reserved is a second reason for more copies, never one for fewer: nobody
 * measures it while nobody calls, and Application Auto Scaling lets nothing go while a policy that may has no data.
 */
export class CopyScaling extends Construct {
  /** Set off by calls that find no copy. Undefined where one always runs. */
  readonly wakeAlarm: Alarm | undefined;
  private readonly target: CfnScalableTarget;

  constructor(scope: Construct, id: string, props: CopyScalingProps) {
    super(scope, id);
    const { deployment } = props;
    this.target = createTarget(this, deployment);
    this.followRequests(deployment);
    this.followCache(props);
    this.wakeAlarm = deployment.sleeps ? this.wake(props) : undefined;
  }

  private followRequests(deployment: SoundDeployment): void {
    new CfnScalingPolicy(this, 'Requests', {
      policyName: `${deployment.component}-requests`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: this.target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: deployment.targetConcurrencyPerCopy,
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
        },
        scaleOutCooldown: SCALE_OUT_COOLDOWN_SECONDS,
        scaleInCooldown: SCALE_IN_COOLDOWN_SECONDS,
      },
    });
  }

  private followCache({ deployment, measuredModel }: CopyScalingProps): void {
    const { targetKvShare } = deployment;
    if (targetKvShare === undefined || measuredModel === undefined) return;
    const { namespace, metricName, dimensions } = kvReservedShareMetric(measuredModel);
    new CfnScalingPolicy(this, 'Cache', {
      policyName: `${deployment.component}-cache`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: this.target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: targetKvShare,
        customizedMetricSpecification: {
          namespace,
          metricName,
          dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
          statistic: 'Sum',
        },
        scaleOutCooldown: SCALE_OUT_COOLDOWN_SECONDS,
        disableScaleIn: true,
      },
    });
  }

  private wake({ deployment, noCapacityFailures }: CopyScalingProps): Alarm {
    const policy = new CfnScalingPolicy(this, 'Wake', {
      policyName: `${deployment.component}-wake`,
      policyType: 'StepScaling',
      scalingTargetId: this.target.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        cooldown: WAKE_COOLDOWN_SECONDS,
        metricAggregationType: 'Maximum',
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    });
    const alarm = new Alarm(this, 'NoCapacity', {
      alarmName: `${deployment.component}-no-capacity`,
      alarmDescription: `Calls to ${deployment.endpoint} found no copy: one is being started. Nobody has to do anything.`,
      metric: noCapacityFailures,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: policy.ref }) });
    return alarm;
  }
}

function createTarget(scope: CopyScaling, deployment: SoundDeployment): CfnScalableTarget {
  const { component, copiesMin, copiesMax, schedules = [] } = deployment;
  return new CfnScalableTarget(scope, 'Target', {
    serviceNamespace: 'sagemaker',
    scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    resourceId: `inference-component/${component}`,
    minCapacity: copiesMin,
    maxCapacity: copiesMax,
    ...(schedules.length === 0
      ? {}
      : {
          scheduledActions: schedules.map((schedule) => ({
            scheduledActionName: schedule.name,
            schedule: schedule.at,
            timezone: schedule.timeZone ?? 'UTC',
            scalableTargetAction: { minCapacity: schedule.copiesMin, maxCapacity: schedule.copiesMax },
          })),
        }),
  });
}
