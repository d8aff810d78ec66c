import { Arn, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { scheduleExpression } from './schedule-expression.ts';
import type { SpillwayFunction } from './spillway-function.ts';

/** The scheduler's own group, there in every account and region. */
const DEFAULT_GROUP = 'default';

export interface FunctionScheduleProps {
  readonly scheduleName: string;
  /** Called asynchronously; it must keep its failed calls. */
  readonly target: SpillwayFunction;
  /** Rounded up to whole minutes: the scheduler knows no shorter period. */
  readonly everySeconds: number;
  /**
   * Spreads schedules of one period over it: schedules with other keys start at other minutes.
   * @default - starts with the period
   */
  readonly offsetKey?: string;
  /**
   * What the function is told, as JSON.
   * @default - an empty object
   */
  readonly input?: Readonly<Record<string, string | number>>;
  /**
   * False keeps the schedule but lets it rest, as in a region that stands by.
   * @default true
   */
  readonly enabled?: boolean;
}

/** Calls a function on a clock, through a role that may call that function and leave undelivered calls in its queue. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { target } = props;
    const queueArn = target.failedCalls?.queueArn;
    const role = this.createRole(target, queueArn);
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: props.scheduleName,
      state: props.enabled === false ? 'DISABLED' : 'ENABLED',
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: scheduleExpression(props),
      scheduleExpressionTimezone: 'UTC',
      target: {
        arn: target.lambda.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify(props.input ?? {}),
        ...(queueArn === undefined ? {} : { deadLetterConfig: { arn: queueArn } }),
        // An undelivered call is worthless once the next one is due; 60 s is the shortest age that the service takes.
        retryPolicy: { maximumEventAgeInSeconds: Math.max(60, props.everySeconds), maximumRetryAttempts: 2 },
      },
    });
    schedule.node.addDependency(role);
  }

  private createRole(target: SpillwayFunction, queueArn: string | undefined): Role {
    const stack = Stack.of(this);
    const groupArn = Arn.format(
      { service: 'scheduler', resource: 'schedule-group', resourceName: DEFAULT_GROUP },
      stack,
    );
    const role = new Role(this, 'Role', {
      description: 'Lets the scheduler call one function',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': groupArn } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        sid: 'Call',
        actions: ['lambda:InvokeFunction'],
        resources: [target.lambda.functionArn],
      }),
    );
    if (queueArn !== undefined)
      role.addToPolicy(
        new PolicyStatement({ sid: 'KeepUndelivered', actions: ['sqs:SendMessage'], resources: [queueArn] }),
      );
    return role;
  }
}
