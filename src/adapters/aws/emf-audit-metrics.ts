/** Metrics of the audit trail as CloudWatch's embedded metric format: a JSON line for each count. */
import { metricNamespaces } from '#contract/resources.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';
import type { AuditMetrics } from '#usecases/ports/audit-metrics.ts';
import type { Clock } from '#usecases/ports/clock.ts';

const namespace = metricNamespaces.gateway;
const NAME = 'AuditRecordsUnsent';

export function createEmfAuditMetrics(options: {
  readonly region: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}): AuditMetrics {
  const { region, clock, write } = options;
  return {
    unsent(count) {
      const definition = findMetric(namespace, NAME);
      invariant(definition !== undefined, `metric ${namespace}/${NAME} does not stand in the registry`);
      const metrics = [{ Name: NAME, Unit: definition.unit }];
      const directive = { Namespace: namespace, Dimensions: [['Region']], Metrics: metrics };
      const aws = { Timestamp: clock.now(), CloudWatchMetrics: [directive] };
      write(`${JSON.stringify({ _aws: aws, Region: region, [NAME]: count, event: 'audit' })}\n`);
    },
  };
}
