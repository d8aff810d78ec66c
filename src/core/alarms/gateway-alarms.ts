import type { AlarmDefinition, AlarmMetric, AlarmSettings, MetricAlarm } from './alarm-definition.ts';
import { burnRateAlarms, failingFast, failingSlowly, slowNow } from './burn-rate-alarms.ts';
import { nothingHappened } from './missing-data.ts';

const MINUTE = 60;
const FIVE_MINUTES = 300;
const HOUR = 3_600;
const DAY = 86_400;
/** Fewer in a minute are single targets that broke in the middle of an answer. */
const SERVER_ERRORS = 10;
/** Calls of the function in five minutes that left no word: fewer may be a console that somebody looks at. */
const UNTOLD_CALLS = 10;
/** Standard deviations of the band that CloudWatch learns, and how many hours in a row lie above it. */
const BAND_WIDTH = 4;
const BAND_HOURS = 3;

/** What passes by itself within five minutes calls nobody. */
const threeOfFiveMinutes = {
  periodSeconds: MINUTE,
  periods: 5,
  badPeriods: 3,
  comparison: 'at-or-above',
} as const;
const here = { kind: 'metric', place: 'each gateway region', owner: 'platform' } as const;
const CALLERS_SUFFER = 'gateway-callers-suffer';

const lambda = (metricName: string) =>
  ({ namespace: 'AWS/Lambda', metricName, dimensions: ['FunctionName'], statistic: 'Sum' }) as const;
const logs = (metricName: string) =>
  ({ namespace: 'AWS/Logs', metricName, dimensions: ['LogGroupName'], statistic: 'Sum' }) as const;
const cost: AlarmMetric = {
  ...{ namespace: 'Spillway/Gateway', metricName: 'ServiceCost', dimensions: [], statistic: 'Sum' },
};

const windowsOf = (id: string, windows: readonly { readonly name: string }[]) => ({
  all: windows.map(({ name }) => `gateway-${id}-${name}`),
});

/** What callers feel, what it costs, and whether the gateway can still be seen. */
export function gatewayAlarms(settings: AlarmSettings): readonly AlarmDefinition[] {
  return [
    callersSuffer,
    serverErrors,
    throttles,
    ...burnRateAlarms(settings),
    errors,
    unmeasured,
    costUnusual,
    ...costOverDay(settings),
  ];
}

const callersSuffer: AlarmDefinition = {
  ...here,
  kind: 'composite',
  id: CALLERS_SUFFER,
  severity: 'page',
  meaning:
    'Callers of this gateway get errors, are turned away, or wait too long. Its members say which, and share one call.',
  causes: [
    'models or quotas of a region are gone',
    'a bad version of the gateway',
    'the account has no concurrency left',
  ],
  first: 'open the alarm: the member that goes off names its section of the runbook.',
  runbook: 'callers-suffer.md',
  rule: {
    any: [
      'gateway-server-errors',
      'gateway-throttles',
      windowsOf('failing', failingFast),
      windowsOf('failing', failingSlowly),
      windowsOf('slow', slowNow),
    ],
  },
};

const serverErrors: MetricAlarm = {
  ...here,
  ...threeOfFiveMinutes,
  id: 'gateway-server-errors',
  severity: 'page',
  meaning: `${SERVER_ERRORS} and more callers a minute got a 5xx at the front door: every lawful target of some request failed, or the gateway itself did.`,
  causes: [
    'every lawful target of a model fails',
    'the function dies or cannot start',
    'Lambda turns callers away',
  ],
  first:
    'npx spillway explain <model> --residency <residency> says which targets are left and why; then look in the log for outcomes and codes.',
  runbook: 'callers-suffer.md#failing',
  // A function URL counts the same as Url5xxCount of AWS/Lambda.
  signal: {
    metrics: {
      errors: {
        namespace: 'AWS/ApiGateway',
        metricName: '5XXError',
        dimensions: ['ApiName'],
        statistic: 'Sum',
      },
    },
  },
  threshold: SERVER_ERRORS,
  missing: nothingHappened('A door that nobody knocks at counts nothing.'),
  partOf: CALLERS_SUFFER,
};

const throttles: MetricAlarm = {
  ...here,
  ...threeOfFiveMinutes,
  id: 'gateway-throttles',
  severity: 'page',
  meaning:
    'Lambda turned callers away: every environment that the gateway may have is busy, or nothing is left of the concurrency of the account.',
  causes: [
    'more callers than gatewayFunction.reservedConcurrency lets in',
    'another function of the account takes all',
    'answers became slow, so that more are under way',
  ],
  first:
    'compare ConcurrentExecutions with what is reserved (gatewayFunction.reservedConcurrency) and with the quota of the account; raise what is full.',
  runbook: 'callers-suffer.md#throttles',
  signal: { metrics: { throttles: lambda('Throttles') } },
  threshold: 1,
  missing: nothingHappened('Lambda counts throttles only where it was called.'),
  partOf: CALLERS_SUFFER,
};

const errors: MetricAlarm = {
  ...here,
  ...threeOfFiveMinutes,
  id: 'gateway-errors',
  severity: 'ticket',
  meaning:
    'The function ended without an answer of its own: it ran out of time or memory, or could not start.',
  causes: [
    'prompts or answers need more memory than it has',
    'an answer took longer than the function may run',
    'a bad version',
  ],
  first: 'look in /spillway/{function} for "Task timed out", "OutOfMemory" or "Runtime." at that time.',
  runbook: 'callers-suffer.md#function-errors',
  signal: { metrics: { errors: lambda('Errors') } },
  threshold: 1,
  missing: nothingHappened('Lambda counts errors only where it was called.'),
};

const unmeasured: MetricAlarm = {
  ...here,
  id: 'gateway-unmeasured',
  severity: 'ticket',
  meaning:
    'The gateway is called and its log stays empty, or CloudWatch refuses its metrics: alarms and boards of this region see nothing, whatever happens.',
  causes: [
    'the role may not write the log, or its key refuses it',
    'the log group is gone',
    'a version writes metrics that CloudWatch cannot read',
  ],
  first:
    'look whether /spillway/{function} gets new lines; then at EMFValidationErrors and EMFParsingErrors of AWS/Logs.',
  runbook: 'blind.md#gateway',
  signal: {
    metrics: {
      invocations: lambda('Invocations'),
      lines: logs('IncomingLogEvents'),
      refused: logs('EMFValidationErrors'),
    },
    expression: 'IF(FILL(lines, 0) == 0 OR FILL(refused, 0) > 0, invocations, 0)',
  },
  ...{ periodSeconds: FIVE_MINUTES, periods: 3, badPeriods: 3, comparison: 'at-or-above' },
  threshold: UNTOLD_CALLS,
  missing: nothingHappened('A function that nobody calls has nothing to write.'),
};

const costUnusual: MetricAlarm = {
  ...here,
  id: 'gateway-cost-unusual',
  owner: 'finance',
  severity: 'ticket',
  meaning: `Answers of this gateway cost more than they did at this hour of the week, for ${BAND_HOURS} hours.`,
  causes: [
    'one tenant calls much more, or in a loop',
    'calls moved to dearer targets',
    'prompts or answers became longer',
  ],
  first: 'look at TenantCost and at Cost by model and tier for which of them grew; then ask its owner.',
  runbook: 'cost.md#unusual',
  signal: { metrics: { cost }, expression: `ANOMALY_DETECTION_BAND(cost, ${BAND_WIDTH})` },
  ...{ periodSeconds: HOUR, periods: BAND_HOURS, badPeriods: BAND_HOURS, comparison: 'above-band' },
  threshold: BAND_WIDTH,
  missing: nothingHappened('An hour without answers costs nothing.'),
};

function costOverDay({ costUsdPerDayMax }: AlarmSettings): readonly MetricAlarm[] {
  if (costUsdPerDayMax === undefined) return [];
  return [
    {
      ...here,
      id: 'gateway-cost-day',
      owner: 'finance',
      severity: 'ticket',
      meaning: `Answers of this gateway cost USD ${costUsdPerDayMax} and more within 24 hours (slo.costUsdPerDayMax).`,
      causes: [
        'traffic grew slowly, which no band tells',
        'one tenant calls much more, or in a loop',
        'calls moved to dearer targets',
      ],
      first:
        'look at TenantCost and at Cost by model and tier for which of them grew; set limits, or raise the sum.',
      runbook: 'cost.md#day',
      signal: { metrics: { cost } },
      ...{ periodSeconds: DAY, periods: 1, badPeriods: 1, comparison: 'at-or-above' },
      threshold: costUsdPerDayMax,
      missing: nothingHappened('A day without answers costs nothing.'),
    },
  ];
}
