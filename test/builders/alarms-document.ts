/** docs/alarms.md, made from the catalogue and from what incidents called. */
import type { AlarmDefinition, AlarmRule, MetricAlarm } from '#core/alarms/alarm-definition.ts';
import type { Call } from './alarm-replay.ts';

interface Row {
  readonly name: string;
  readonly calls: readonly Call[];
  readonly start: number;
}

const USD_PER_METRIC = 0.1;
const USD_PER_COMPOSITE = 0.5;
const METRICS_OF_BAND = 3;

const comparisons = { 'at-or-above': '≥', below: '<', 'above-band': 'above the band of' } as const;

export function alarmsDocument(catalogue: readonly AlarmDefinition[], rows: readonly Row[]): string {
  return [
    '# Alarms',
    '',
    'Made from `src/core/alarms` and from a replay of incidents; do not edit by hand. When either changes, write it anew with',
    '`npx vitest run test/core/alarms/alarm-table.test.ts -u`. Stacks take every alarm from the same list, with its words; the name of an',
    'alarm is that of the deployment, a hyphen and its id. [Why these](decisions/0031-one-cause-one-call.md).',
    '',
    'A page is for somebody who gets up, a ticket waits for the morning. What is part of a composite alarm calls nobody by itself.',
    '',
    ...callers(catalogue),
    ...incidentTable(rows),
    ...each(catalogue),
  ].join('\n');
}

function callers(catalogue: readonly AlarmDefinition[]): readonly string[] {
  const places = [...new Set(catalogue.map(({ place }) => place))];
  return [
    '## Who is called',
    '',
    '| alarm | where | severity | owner | goes off when | missing data | runbook |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...catalogue.map(
      (alarm) =>
        `| [\`${alarm.id}\`](#${anchorOf(alarm.id)}) | ${alarm.place} | ${alarm.severity} | ${alarm.owner} | ${condition(alarm)} | ${alarm.kind === 'metric' ? alarm.missing.treatedAs : 'as its members'} | [${alarm.runbook}](runbooks/${alarm.runbook}) |`,
    ),
    '',
    'They cost a month, at USD 0.10 for each metric that an alarm reads (three for a band) and USD 0.50 for a composite alarm:',
    ...places.map((place) => {
      const usd = catalogue
        .filter((alarm) => alarm.place === place)
        .reduce((sum, alarm) => sum + price(alarm), 0);
      return `USD ${usd.toFixed(2)} ${place === 'home' ? 'at home' : `in ${place}`},`;
    }),
    'one model and every option counted. The bill of a configuration is `npx spillway plan-deploy`.',
    '',
  ];
}

function incidentTable(rows: readonly Row[]): readonly string[] {
  return [
    '## What calls in which incident',
    '',
    'Series of metrics, a value a minute, are played to the catalogue; times are minutes from the beginning of the incident to the call.',
    'What is not named stays silent. CloudWatch’s rules for M of N and for missing data come from its user guide, whose two tables the',
    'evaluator passes first (`test/core/alarms/missing-data.test.ts`). Metrics that come late make each time longer by as much, and how far',
    'behind its periods CloudWatch looks for real datapoints is documented for three of three alone.',
    '',
    'What CloudWatch learns for a band is not public and runs nowhere but in AWS. A stand-in takes its place here: mean and standard deviation of',
    'the same hour in the two weeks before, with the hours beside it, and no narrower than a tenth of the mean. With it the incidents show that',
    '`gateway-cost-unusual` waits for three hours in a row, calls when cost triples, and is silent while it grows by 2 % a day. How wide',
    'CloudWatch’s own band is, how soon it learns and what it makes of holidays nobody saw: look at it for two weeks before it calls somebody.',
    '',
    '| incident | pages | tickets |',
    '| --- | --- | --- |',
    ...rows.map(({ name, calls, start }) => {
      const told = (severity: Call['severity']) =>
        calls
          .filter((call) => call.severity === severity)
          .map(({ alarm, minute }) => `\`${alarm}\` after ${minute - start}`)
          .join(', ') || 'silent';
      return `| ${name} | ${told('page')} | ${told('ticket')} |`;
    }),
    '',
  ];
}

function each(catalogue: readonly AlarmDefinition[]): readonly string[] {
  return [
    '## One by one',
    '',
    ...catalogue.flatMap((alarm) => [
      `### ${alarm.id}`,
      '',
      alarm.meaning,
      '',
      `- Likely causes: ${alarm.causes.join('; ')}.`,
      `- First: ${alarm.first}`,
      ...(alarm.kind === 'metric'
        ? [`- Missing data is ${alarm.missing.treatedAs}: ${alarm.missing.because}`]
        : []),
      ...(alarm.kind === 'metric' && alarm.partOf !== undefined
        ? [`- It calls through [\`${alarm.partOf}\`](#${anchorOf(alarm.partOf)}).`]
        : []),
      '',
    ]),
  ];
}

const anchorOf = (id: string): string => id.replaceAll(/[{}]/g, '');

function condition(alarm: AlarmDefinition): string {
  if (alarm.kind === 'composite') return ruleText(alarm.rule);
  const { badPeriods, periods, periodSeconds, comparison, threshold } = alarm;
  const often = periods === 1 ? `in ${periodSeconds} s` : `${badPeriods} of ${periods} × ${periodSeconds} s`;
  return `${signalText(alarm)} ${comparisons[comparison]} ${threshold}${comparison === 'above-band' ? ' standard deviations' : ''}, ${often}`;
}

function signalText({ signal }: MetricAlarm): string {
  const names = Object.entries(signal.metrics).map(([id, { metricName, statistic }]) => [
    id,
    `${statistic} of ${metricName}`,
  ]);
  if (signal.expression === undefined || signal.expression.startsWith('ANOMALY'))
    return String(names[0]?.[1]);
  return `\`${signal.expression}\` (${names.map(([id, name]) => `${id}: ${name}`).join(', ')})`;
}

function ruleText(rule: AlarmRule): string {
  if (typeof rule === 'string') return `\`${rule}\``;
  return 'any' in rule ? rule.any.map(ruleText).join(' or ') : `(${rule.all.map(ruleText).join(' and ')})`;
}

function price(alarm: AlarmDefinition): number {
  if (alarm.kind === 'composite') return USD_PER_COMPOSITE;
  if (alarm.comparison === 'above-band') return METRICS_OF_BAND * USD_PER_METRIC;
  return Object.keys(alarm.signal.metrics).length * USD_PER_METRIC;
}
