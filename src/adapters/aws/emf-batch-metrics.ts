/** Metrics of batches as CloudWatch's embedded metric format: one JSON line for each chunk that a dispatcher had. */
import { metricNamespaces } from '#contract/resources.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';
import type { BatchMetrics } from '#usecases/ports/batch-metrics.ts';

const namespace = metricNamespaces.gateway;

/** @param write takes one line with its end */
export function createEmfBatchMetrics(write: (line: string) => void): BatchMetrics {
  return {
    accepted: ({ at, model, lines }) => write(lineOf({ at, model, values: { BatchLines: lines } })),
    chunkLeft({ at, model, heldMs, ageSeconds, completed, failed, repeatedCalls }) {
      const hasEnded = completed + failed > 0;
      const values = {
        BatchLinesCompleted: completed,
        BatchLinesFailed: failed,
        BatchCallsRepeated: repeatedCalls,
        BatchLineAge: hasEnded ? ageSeconds : 0,
        BatchChunkTime: heldMs,
      };
      write(lineOf({ at, model, values }));
    },
  };
}

function lineOf(line: {
  readonly at: number;
  readonly model: string;
  readonly values: Readonly<Record<string, number>>;
}): string {
  const { at, model, values } = line;
  const told = Object.entries(values).filter(([, value]) => value > 0);
  const metrics = told.map(([name]) => {
    const definition = findMetric(namespace, name);
    invariant(definition !== undefined, `metric ${namespace}/${name} does not stand in the registry`);
    return { Name: name, Unit: definition.unit };
  });
  const directives = [{ Namespace: namespace, Dimensions: [['Model']], Metrics: metrics }];
  const aws = { Timestamp: at, CloudWatchMetrics: told.length === 0 ? [] : directives };
  return `${JSON.stringify({ _aws: aws, Model: model, ...Object.fromEntries(told), event: 'batch' })}\n`;
}
