import type { CheckableConfig, ConfigFinding, ConfigFindings } from './config-findings.ts';

/** SQS's own limit for the name of a queue. */
const QUEUE_NAME_CHARACTERS_MAX = 80;
/** What stands between the deployment and the model in the name of a queue. */
const BETWEEN = '-bulk-'.length;

/** Batches: each model has a queue, whose name AWS must take. */
export function checkBatches({ name, models, batches }: CheckableConfig): ConfigFindings {
  if (!batches.enabled) return { errors: [], warnings: [] };
  const errors = Object.keys(models).flatMap((model): ConfigFinding[] => {
    const length = name.length + BETWEEN + model.length;
    if (length <= QUEUE_NAME_CHARACTERS_MAX) return [];
    const message = `its queue "${name}-bulk-${model}" would have ${length} characters, and SQS takes ${QUEUE_NAME_CHARACTERS_MAX}; shorten one of the names, or set batches.enabled to false`;
    return [{ path: `models.${model}`, message }];
  });
  return { errors, warnings: [] };
}
