/** docs/metrics.md, made from the registry. */
import {
  METRIC_USD_PER_MONTH,
  type MetricDefinition,
  type MetricShape,
  metricRegistry,
  monthlyBillUsd,
} from './registry.ts';

/** @param examples configurations whose bill the document states */
export function metricsDocument(
  examples: readonly { readonly name: string; readonly shape: MetricShape }[],
): string {
  const namespaces = [...new Set(metricRegistry.map((each) => each.namespace))];
  return [
    '# Metrics',
    '',
    'Made from `src/core/metrics/registry.ts`; do not edit by hand. When the registry changes, write it anew with',
    '`npx vitest run test/core/metrics/metrics-document.test.ts -u`. A metric that does not stand here cannot be',
    'published.',
    '',
    ...namespaces.flatMap(section),
    '## What they cost',
    '',
    `CloudWatch bills a custom metric, that is a name with one set of dimension values, at USD ${METRIC_USD_PER_MONTH.toFixed(2)} a month. The`,
    'most that a configuration can make:',
    '',
    '| configuration | account × region | tracked models | gateways | USD a month, at most |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...examples.map(
      ({ name, shape }) =>
        `| ${name} | ${shape.accountRegions} | ${shape.trackedModels} | ${shape.gateways} | ${monthlyBillUsd(shape).toFixed(2)} |`,
    ),
    '',
    'A zero is not published where the table says so, so what never happens costs nothing.',
    '',
  ].join('\n');
}

function section(namespace: MetricDefinition['namespace']): readonly string[] {
  return [
    `## ${namespace}`,
    '',
    '| metric | unit | dimensions | meaning | written by | zero |',
    '| --- | --- | --- | --- | --- | --- |',
    ...metricRegistry.filter((each) => each.namespace === namespace).map(row),
    '',
  ];
}

function row({ name, unit, dimensions, meaning, writer, zeroPublished }: MetricDefinition): string {
  const named = dimensions.length === 0 ? 'none' : dimensions.map((each) => `\`${each}\``).join(' ');
  return `| \`${name}\` | ${unit} | ${named} | ${meaning} | ${writer} | ${zeroPublished ? 'published' : 'left out'} |`;
}
