import type { MetricProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmMetric } from '#core/alarms/alarm-definition.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';

/**
 * A metric of the product, with the values of its dimensions. Under another name or dimension it would tell nothing, and
 * its alarm would be silent.
 *
 * @throws InvariantError for one that does not stand in the registry so, or a dimension without a value
 */
export function registeredMetric(
  { namespace, metricName, dimensions }: AlarmMetric,
  values: Readonly<Record<string, string>> = {},
): MetricProps {
  const known = findMetric(namespace, metricName);
  invariant(
    known !== undefined && known.dimensions.join() === dimensions.join(),
    `${namespace}/${metricName} by ${dimensions.join()} is no metric of the registry`,
  );
  const dimensionsMap = Object.fromEntries(
    dimensions.map((name) => {
      const value = values[name];
      invariant(value !== undefined, `${metricName} needs a value of ${name}`);
      return [name, value];
    }),
  );
  return { namespace, metricName, ...(dimensions.length === 0 ? {} : { dimensionsMap }) };
}
