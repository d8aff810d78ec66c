import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNamespaces } from '#contract/resources.ts';

const SAGEMAKER = 'AWS/SageMaker';

/** SageMaker's own finest step on instances with accelerators. */
const FINE_PERIOD = Duration.seconds(10);
const MINUTE = Duration.minutes(1);

/**
 * Cache that requests held of a model's copies: each tells its tokens × time over what the copies may lend in a minute,
 * so that the sum of a minute is the mean share that was reserved, 0 to 1, however many processes told it.
 */
export function kvReservedShareMetric(model: string) {
  return {
    namespace: metricNamespaces.gateway,
    metricName: 'KvReservedShare',
    dimensions: { Model: model },
  } as const;
}

/** Requests in flight on each copy, streams until their last token. */
export function concurrentRequestsMetric(component: string): Metric {
  return new Metric({
    namespace: SAGEMAKER,
    metricName: 'ConcurrentRequestsPerCopy',
    dimensionsMap: { InferenceComponentName: component },
    period: FINE_PERIOD,
    statistic: Stats.AVERAGE,
  });
}

/** Calls that found no copy. */
export function noCapacityFailuresMetric(component: string): Metric {
  return new Metric({
    namespace: SAGEMAKER,
    metricName: 'NoCapacityInvocationFailures',
    dimensionsMap: { InferenceComponentName: component },
    period: MINUTE,
    statistic: Stats.SUM,
  });
}
