import { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface ReadyEnvironmentsProps {
  readonly lambda: LambdaFunction;
  /** Environments that are always started, from 1. */
  readonly min: number;
  /**
   * Environments that are started at most, as traffic grows.
   * @default - always `min`
   */
  readonly max?: number;
  /**
   * Share of them in use at which more are started, 0.1 to 0.9.
   * @default 0.7
   */
  readonly utilization?: number;
}

/** A version of a function whose environments stand ready, under an alias that callers keep through deployments. */
export class ReadyEnvironments extends Construct {
  readonly alias: IFunction;

  constructor(scope: Construct, id: string, props: ReadyEnvironmentsProps) {
    super(scope, id);
    const { lambda, min, max = min, utilization = 0.7 } = props;
    const grows = max > min;
    const alias: Alias = lambda.addAlias('live', {
      description: 'What the front door calls',
      // Where it grows, scaling has the say: a number here would take back at each deployment what traffic asked for.
      ...(grows ? {} : { provisionedConcurrentExecutions: min }),
    });
    // A class of CDK's own: its types say `| undefined` where those of the interface do not.
    this.alias = alias as IFunction;
    if (!grows) return;
    alias
      .addAutoScaling({ minCapacity: min, maxCapacity: max })
      .scaleOnUtilization({ utilizationTarget: utilization });
  }

  /** Requests that found no environment ready and waited for a start. For alarms. */
  metricSpillover(): Metric {
    return this.alias.metric('ProvisionedConcurrencySpilloverInvocations', {
      period: Duration.minutes(1),
      statistic: Stats.SUM,
    });
  }
}
