import { expect, it } from 'vitest';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import { metricsDocument } from '#core/metrics/metrics-document.ts';
import acme from '#examples/acme.config.ts';
import enterprise from '#examples/enterprise.config.ts';
import world from '#examples/world.config.ts';
import { parsedConfig } from '#test/builders/configs.ts';

const examples = [
  { name: '`examples/acme.config.ts`', shape: metricShapeOf(parsedConfig(acme)) },
  { name: '`examples/world.config.ts`', shape: metricShapeOf(parsedConfig(world)) },
  { name: '`examples/enterprise.config.ts`', shape: metricShapeOf(parsedConfig(enterprise)) },
];

it('docs/metrics.md says what the registry says', async () => {
  await expect(metricsDocument(examples)).toMatchFileSnapshot('../../../docs/metrics.md');
});
