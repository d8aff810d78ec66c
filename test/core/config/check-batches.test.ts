import { expect, it } from 'vitest';
import { bulkQueueName } from '#contract/resources.ts';
import { checkBatches } from '#core/config/check-batches.ts';
import { acmeConfig } from '#test/builders/configs.ts';

it('finds nothing in the example', () => {
  expect(checkBatches(acmeConfig())).toEqual({ errors: [], warnings: [] });
});

it('names a model whose queue could not be made, as long as there are queues', () => {
  const config = acmeConfig();
  const [chat] = Object.values(config.models);
  if (chat === undefined) throw new Error('the example has a model');
  const long = `m${'x'.repeat(40)}`;
  const deployment = `d${'y'.repeat(33)}`;
  const grown = { ...config, name: deployment, models: { [long]: chat } };
  expect(bulkQueueName(deployment, long)).toHaveLength(81);
  expect(checkBatches(grown).errors.map(({ path }) => path)).toEqual([`models.${long}`]);
  expect(checkBatches({ ...grown, name: deployment.slice(1) }).errors).toEqual([]);
  expect(checkBatches({ ...grown, batches: { ...config.batches, enabled: false } }).errors).toEqual([]);
});
