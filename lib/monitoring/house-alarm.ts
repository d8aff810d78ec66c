import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type {
  AlarmDefinition,
  CompositeAlarm as CompositeDefinition,
  MetricAlarm,
  AlarmRule as Rule,
} from '#core/alarms/alarm-definition.ts';
import { invariant } from '#core/units/invariant.ts';
import { acknowledge } from '../constructs/acknowledge.ts';

interface Placed {
  /** Physical name; it begins with the deployment's, by which a deployment in waves finds it. */
  readonly alarmName: string;
  /**
   * The topic in the alarm's own account and region that hears of it, by name.
   * @default - nobody is called; the alarm stands in the console
   */
  readonly topicName?: string | undefined;
  /**
   * What stands for the names in braces of the catalogue's words.
   * @default - nothing: there are none
   */
  readonly words?: Readonly<Record<string, string>>;
}

export interface HouseAlarmProps extends Placed {
  readonly definition: MetricAlarm;
  /** By the names that the definition gives them: whose metric it is. Statistic and period are the definition's. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface HouseCompositeProps extends Placed {
  readonly definition: CompositeDefinition;
  /** By id, every alarm that the rule asks for. */
  readonly members: Readonly<Record<string, Alarm>>;
}

/** CloudWatch's limit. */
const DESCRIPTION_LENGTH_MAX = 1_024;

const comparisons = {
  'at-or-above': ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
  'above-band': ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
} as const;

/**
 * An alarm of the catalogue: it says how urgent it is, whose work it is, what it means and what to do first.
 *
 * @throws RangeError when its description is longer than CloudWatch takes, or not plain ASCII.
 * @throws InvariantError for metrics other than those of the definition, or a word that nobody gave
 */
export function createHouseAlarm(scope: Construct, id: string, props: HouseAlarmProps): Alarm {
  const { definition, alarmName } = props;
  const common = {
    alarmName,
    alarmDescription: descriptionOf(props),
    comparisonOperator: comparisons[definition.comparison],
    evaluationPeriods: definition.periods,
    datapointsToAlarm: definition.badPeriods,
    treatMissingData:
      definition.missing.treatedAs === 'breaching'
        ? TreatMissingData.BREACHING
        : TreatMissingData.NOT_BREACHING,
  };
  const alarm =
    definition.comparison === 'above-band'
      ? new AnomalyDetectionAlarm(scope, id, {
          ...common,
          metric: onlyMetric(props),
          stdDevs: definition.threshold,
        })
      : new Alarm(scope, id, { ...common, metric: watchedBy(props), threshold: definition.threshold });
  if (definition.partOf === undefined) callTopic(alarm, props.topicName);
  else
    acknowledge(alarm, {
      'NIST.800.53.R5-CloudWatchAlarmAction': `It calls nobody by itself: the composite alarm ${definition.partOf} calls for it, so that one cause calls once.`,
    });
  return alarm;
}

/**
 * Goes off with its members as the rule of the catalogue says, and calls for all of them.
 *
 * @throws InvariantError for a member of the rule that is not there
 */
export function createHouseComposite(
  scope: Construct,
  id: string,
  props: HouseCompositeProps,
): CompositeAlarm {
  const { definition, alarmName, members, topicName } = props;
  const composite = new CompositeAlarm(scope, id, {
    compositeAlarmName: alarmName,
    alarmDescription: descriptionOf(props),
    alarmRule: ruleOf(definition.rule, members),
  });
  callTopic(composite, topicName);
  return composite;
}

function ruleOf(rule: Rule, members: HouseCompositeProps['members']): IAlarmRule {
  if (typeof rule === 'string') {
    const member = members[rule];
    invariant(member !== undefined, `no alarm ${rule} was made for the rule that asks for it`);
    return member;
  }
  return 'any' in rule
    ? AlarmRule.anyOf(...rule.any.map((each) => ruleOf(each, members)))
    : AlarmRule.allOf(...rule.all.map((each) => ruleOf(each, members)));
}

/** The metrics with the definition's statistics and period. */
function metricsOf({ definition, metrics }: HouseAlarmProps): Readonly<Record<string, Metric>> {
  const { signal, periodSeconds } = definition;
  const [wanted, given] = [Object.keys(signal.metrics).sort(), Object.keys(metrics).sort()];
  invariant(wanted.join() === given.join(), `${definition.id} reads ${wanted.join()}, not ${given.join()}`);
  return Object.fromEntries(
    Object.entries(metrics).map(([id, metric]) => [
      id,
      metric.with({
        statistic: signal.metrics[id]?.statistic ?? '',
        period: Duration.seconds(periodSeconds),
      }),
    ]),
  );
}

function onlyMetric(props: HouseAlarmProps): Metric {
  const [metric, ...others] = Object.values(metricsOf(props));
  invariant(metric !== undefined && others.length === 0, `${props.definition.id} reads one metric`);
  return metric;
}

function watchedBy(props: HouseAlarmProps): Metric | MathExpression {
  const { signal, periodSeconds } = props.definition;
  if (signal.expression === undefined) return onlyMetric(props);
  return new MathExpression({
    expression: signal.expression,
    usingMetrics: { ...metricsOf(props) },
    period: Duration.seconds(periodSeconds),
    label: props.definition.id,
  });
}

function descriptionOf(props: Placed & { readonly definition: AlarmDefinition }): string {
  const { alarmName, definition, words = {} } = props;
  const { severity, owner, meaning, first, runbook } = definition;
  const told = `Severity: ${severity}. Owner: ${owner}. ${meaning} First: ${first} Runbook: docs/runbooks/${runbook}`;
  const description = told.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const word = words[name];
    invariant(word !== undefined, `alarm ${alarmName} says {${name}}, and nobody said what that is`);
    return word;
  });
  if (description.length > DESCRIPTION_LENGTH_MAX)
    throw new RangeError(
      `alarm ${alarmName}: its description has ${description.length} characters, CloudWatch takes ${DESCRIPTION_LENGTH_MAX}`,
    );
  // CloudFormation hands other characters on as question marks.
  if (!/^[\x20-\x7e]*$/.test(description))
    throw new RangeError(`alarm ${alarmName}: its description must be plain ASCII, got: ${description}`);
  return description;
}

/** The topic in the alarm's own account and region hears when it goes off and when it is over; without a name nobody is called. */
function callTopic(alarm: AlarmBase, topicName: string | undefined): void {
  if (topicName === undefined) {
    // The rule does not look at composite alarms.
    if (!(alarm instanceof CompositeAlarm))
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
