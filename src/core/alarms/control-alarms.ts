import type { AlarmDefinition, AlarmSettings, MetricAlarm } from './alarm-definition.ts';
import { nothingHappened, shouldHaveCome } from './missing-data.ts';

/** Runs of plan in a row: what passes by itself within them is nobody's work. */
const RUNS = 3;
const here = { place: 'home', owner: 'platform' } as const;
const ROUTES_STAND_STILL = 'routes-stand-still';

/** What plan says about routes that nobody complains of yet: all answers still come. */
export function controlAlarms({ controlEverySeconds }: AlarmSettings): readonly AlarmDefinition[] {
  const told = (metricName: string, periods: number): Judged => ({
    kind: 'metric',
    signal: {
      metrics: {
        routes: { namespace: 'Spillway/Availability', metricName, dimensions: [], statistic: 'Maximum' },
      },
    },
    ...{ periodSeconds: controlEverySeconds, periods, badPeriods: periods },
    ...{ comparison: 'at-or-above', threshold: 1 },
    missing: nothingHappened('Plan leaves zeros out; that plan runs at all is another alarm.'),
  });
  return [
    routesStandStill,
    { ...guardRefusals, ...told('GuardRefusalsStanding', 1) },
    { ...regionsSilent, ...told('RegionsSilent', RUNS) },
    { ...badItems, ...told('BadItems', RUNS) },
    unmeasured(controlEverySeconds),
  ];
}

/** How an alarm judges, apart from what it says. */
type Judged = Pick<
  MetricAlarm,
  'kind' | 'signal' | 'periodSeconds' | 'periods' | 'badPeriods' | 'comparison' | 'threshold' | 'missing'
>;

const routesStandStill: AlarmDefinition = {
  ...here,
  kind: 'composite',
  id: ROUTES_STAND_STILL,
  severity: 'page',
  meaning:
    'Routes do not change any more: plan fails, is not called, or the guard keeps what is published. Gateways go on with the last good ones. Its members say which, and share one call.',
  causes: [
    'the tables at home cannot be read or written',
    'a bad version of plan',
    'discovery of many regions has died',
  ],
  first: 'open the alarm: the member that goes off names its section of the runbook.',
  runbook: 'routes-stand-still.md',
  rule: { any: ['plan-errors', 'plan-silent', 'guard-refusals-standing'] },
};

type Words = Pick<
  MetricAlarm,
  'place' | 'owner' | 'id' | 'severity' | 'meaning' | 'causes' | 'first' | 'runbook' | 'partOf'
>;

const guardRefusals: Words = {
  ...here,
  id: 'guard-refusals-standing',
  severity: 'page',
  meaning:
    'The guard has kept routes as they were for three runs and fifteen minutes: they would lose too much, or break residency. It never passes by itself.',
  causes: [
    'discovery of an account lost a permission',
    'a provider really took models away',
    'the configuration changed what a residency allows',
  ],
  first:
    'npx spillway history <model> says which route and why; publish it with npx spillway publish if the loss is real, else mend discovery.',
  runbook: 'routes-stand-still.md#guard',
  partOf: ROUTES_STAND_STILL,
};

const regionsSilent: Words = {
  ...here,
  id: 'regions-silent',
  severity: 'ticket',
  meaning:
    'Regions have sent no report for longer than guard.ageSecondsMax. Their last known targets stay in routes, marked stale.',
  causes: [
    'discovery of an account or region has died',
    'the region itself is away',
    'the role may not write the observations any more',
  ],
  first:
    'npx spillway availability says which; look at the alarms of their Discovery stacks. A region that is gone for good leaves by npx spillway release-region.',
  runbook: 'discovery.md#regions-silent',
};

const badItems: Words = {
  ...here,
  id: 'bad-items',
  severity: 'ticket',
  meaning: 'Items of the tables cannot be read (shape, checksum, schema) and are ignored.',
  causes: [
    'somebody writes the tables beside the product',
    'a newer version runs elsewhere',
    'an item was damaged',
  ],
  first:
    'look for who writes the tables beside the product or runs a newer version; the log of plan names the items.',
  runbook: 'routes-stand-still.md#bad-items',
};

/** Of the first account of the configuration, whose age plan publishes in every run. */
function unmeasured(periodSeconds: number): MetricAlarm {
  return {
    ...here,
    kind: 'metric',
    id: 'plan-unmeasured',
    severity: 'ticket',
    meaning:
      'Plan publishes no metrics: alarms and boards of the control plane see nothing, whatever happens.',
    causes: [
      'plan does not run (then it pages too)',
      'the role may not call PutMetricData',
      'CloudWatch of the region is away',
    ],
    first: 'look in the log of plan for metrics that could not be published; then run npx spillway doctor.',
    runbook: 'blind.md#plan',
    signal: {
      metrics: {
        ages: {
          namespace: 'Spillway/Availability',
          metricName: 'DiscoveryAge',
          dimensions: ['Account'],
          statistic: 'SampleCount',
        },
      },
    },
    ...{ periodSeconds, periods: RUNS, badPeriods: RUNS, comparison: 'below', threshold: 1 },
    missing: shouldHaveCome('Plan publishes this age in every run, zeros too: its absence is the sign.'),
  };
}
