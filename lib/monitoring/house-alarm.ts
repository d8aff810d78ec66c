import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';

export interface HouseAlarmProps {
  /** Physical name; it begins with the deployment's, by which a deployment in waves finds it. */
  readonly alarmName: string;
  /** Its period is how long one datapoint is. */
  readonly metric: IMetric;
  /** In the unit of the metric; a datapoint that equals it is bad, unless `badBelow`. */
  readonly threshold: number;
  /**
   * Which side of the threshold is bad.
   * @default - at or above it
   */
  readonly badBelow?: boolean;
  /** Datapoints that are looked at, the newest ones. */
  readonly periods: number;
  /**
   * How many of them must be bad.
   * @default - all of them
   */
  readonly badPeriods?: number;
  /** What no datapoint at all means: that nothing happened and all is well, or that the thing that should happen does not. */
  readonly silence: 'is-fine' | 'is-bad';
  /** `page`: somebody gets up. `ticket`: it waits for the morning. */
  readonly severity: 'page' | 'ticket';
  /** What has happened, in a sentence. */
  readonly meaning: string;
  /** The first step of whoever is called, in a sentence. */
  readonly first: string;
  /**
   * The topic in the alarm's own account and region that hears of it, by name.
   * @default - nobody is called; the alarm stands in the console
   */
  readonly topicName?: string | undefined;
}

/** CloudWatch's limit. */
const DESCRIPTION_LENGTH_MAX = 1_024;

/**
 * An alarm that says how urgent it is, what it means and what to do first, and for which a missing datapoint means
 * something on purpose.
 *
 * @throws RangeError when its description is longer than CloudWatch takes, or not plain ASCII.
 */
export function createHouseAlarm(scope: Construct, id: string, props: HouseAlarmProps): Alarm {
  const { severity, meaning, first } = props;
  const description = `Severity: ${severity}. ${meaning} First: ${first}`;
  if (description.length > DESCRIPTION_LENGTH_MAX)
    throw new RangeError(
      `alarm ${props.alarmName}: its description has ${description.length} characters, CloudWatch takes ${DESCRIPTION_LENGTH_MAX}`,
    );
  // CloudFormation hands other characters on as question marks.
  if (!/^[\x20-\x7e]*$/.test(description))
    throw new RangeError(
      `alarm ${props.alarmName}: its description must be plain ASCII, got: ${description}`,
    );
  const alarm = new Alarm(scope, id, {
    alarmName: props.alarmName,
    alarmDescription: description,
    metric: props.metric,
    threshold: props.threshold,
    comparisonOperator:
      props.badBelow === true
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: props.periods,
    datapointsToAlarm: props.badPeriods ?? props.periods,
    treatMissingData:
      props.silence === 'is-bad' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  callTopic(alarm, props.topicName);
  return alarm;
}

/** The topic in the alarm's own account and region hears when it goes off and when it is over; without a name nobody is called. */
function callTopic(alarm: Alarm, topicName: string | undefined): void {
  if (topicName === undefined) {
    acknowledge(alarm, {
      'NIST.800.53.R5-CloudWatchAlarmAction':
        'Whom an alarm calls is up to whoever deploys (observability.alarmTopic); until then it stands in the console, and its changes of state reach EventBridge.',
    });
    return;
  }
  const { account, region } = Stack.of(alarm);
  const topic = Topic.fromTopicArn(alarm, 'Topic', `arn:aws:sns:${region}:${account}:${topicName}`);
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
}

const SECONDS_PER_MINUTE = 60;

/** A period in which something that happens every so many seconds happens at least once; CloudWatch counts in minutes. */
export const periodOf = (everySeconds: number): Duration =>
  Duration.minutes(Math.max(1, Math.ceil(everySeconds / SECONDS_PER_MINUTE)));
