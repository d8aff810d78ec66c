import {
  AUDIT_RECORD_BYTES,
  BUILD_MINUTES,
  CHANGE_BYTES,
  CHANGES_KEPT_MONTHS,
  defaultUsage,
  IDLE_POLLS_PER_QUEUE,
  KEY_REQUESTS_PER_FUNCTION,
  LOG_BYTES_PER_REQUEST,
  LOG_BYTES_PER_RUN,
  PUTS_PER_CHANGED_TARGET,
  ROUTES_FRESH_MS,
  TARGET_BYTES,
  TARGETS_MAX,
  TARGETS_PER_CHANGE,
  TARGETS_PER_PLACE,
  type Usage,
  WRITES_PER_REQUEST,
} from './usage.ts';

export interface Assumption {
  readonly name: string;
  readonly value: string;
  /**
   * `measured`: by a command that is named. `asked`: the user's word, by the option that is named. `default`: what holds
   * while nobody says otherwise by that option. `assumed`: by nobody.
   */
  readonly basis: 'measured' | 'asked' | 'default' | 'assumed';
  readonly why: string;
}

const MS_PER_SECOND = 1_000;
const seconds = (ms: number): string => `${ms / MS_PER_SECOND} s`;

/** Every one, for people: a bill without them says nothing. */
export function assumptionsOf(usage: Usage): readonly Assumption[] {
  return [...askedOf(usage), ...restOf(usage)];
}

const basisOf = (value: number, otherwise: number) => (value === otherwise ? 'default' : 'asked');

function askedOf(usage: Usage): readonly Assumption[] {
  return [
    {
      name: 'requests a month',
      value: String(usage.requests),
      basis: basisOf(usage.requests, defaultUsage.requests),
      why: '--requests; of all gateways together, spread evenly',
    },
    {
      name: 'a request keeps its function',
      value: seconds(usage.answerMs),
      basis: basisOf(usage.answerMs, defaultUsage.answerMs),
      why: '--answer-ms; until the last token is sent',
    },
    {
      name: 'a discovery run',
      value: seconds(usage.runMs.discover),
      basis: basisOf(usage.runMs.discover, defaultUsage.runMs.discover),
      why: '--discovery-run-ms; measured on the local AWS: 15 ms and 8 calls (node bench/control-runs.ts). The rest is for what that leaves out: the way to AWS, the time of its APIs, the slower processor of a small function',
    },
    {
      name: 'changes a month in an account and region',
      value: String(usage.changesPerPlace),
      basis: basisOf(usage.changesPerPlace, defaultUsage.changesPerPlace),
      why: '--changes; each wakes plan, which publishes the routes of one model again',
    },
    {
      name: 'releases a month by a pipeline, where there is one',
      value: `${usage.releases}, of ${BUILD_MINUTES} minutes for the templates and as many for each wave beside its watching`,
      basis: basisOf(usage.releases, defaultUsage.releases),
      why: '--releases; how long a build takes is assumed',
    },
  ];
}

function restOf({ runMs: { plan, verify, audit } }: Usage): readonly Assumption[] {
  return [
    {
      name: 'a run of plan, of verify',
      value: `${seconds(plan)}, ${seconds(verify)}`,
      basis: 'assumed',
      why: 'plan was measured at 43 ms on the local AWS (node bench/control-runs.ts)',
    },
    {
      name: 'any other function on a clock',
      value: 'its timeout',
      basis: 'assumed',
      why: 'the most that it can take',
    },
    {
      name: 'log of a run, of a request',
      value: `${LOG_BYTES_PER_RUN} and ${LOG_BYTES_PER_REQUEST} bytes`,
      basis: 'assumed',
      why: 'a run was measured at 161 bytes without the platform’s own lines (node bench/control-runs.ts); kept for one month',
    },
    {
      name: 'an item of a route',
      value: `${TARGET_BYTES} bytes a target, ${TARGETS_PER_PLACE} targets a place, at most ${TARGETS_MAX}`,
      basis: 'measured',
      why: 'node bench/control-runs.ts: the largest of the example has 20,561 bytes',
    },
    {
      name: 'the history of availability',
      value: `${TARGETS_PER_CHANGE} targets a change, each put ${PUTS_PER_CHANGED_TARGET} times and kept ${CHANGES_KEPT_MONTHS} months in ${CHANGE_BYTES} bytes`,
      basis: 'assumed',
      why: 'a model by its own id and by two profiles; what people read of it is not counted',
    },
    {
      name: 'reads of routes',
      value: `one of all of them a request, or every ${seconds(ROUTES_FRESH_MS)} of a longer one`,
      basis: 'assumed',
      why: 'the most there can be: processes under load share one read among many requests',
    },
    {
      name: 'writes of a request',
      value: `${WRITES_PER_REQUEST} units`,
      basis: 'assumed',
      why: 'measured on the local AWS: one for a Bedrock target, none for a dedicated one; a second for a tenant with limits',
    },
    {
      name: 'polls of an idle queue',
      value: `${IDLE_POLLS_PER_QUEUE} a month`,
      basis: 'assumed',
      why: 'five pollers that wait 20 s each; no batch is counted',
    },
    {
      name: 'a record of the audit trail, where there is one',
      value: `${AUDIT_RECORD_BYTES} bytes stored, sealed twice a minute in ${seconds(audit)}`,
      basis: 'assumed',
      why: 'docs/guides/audit.md has sizes that were measured; storage is that of one month’s records, and grows with every month that is kept',
    },
    {
      name: 'requests for the key of tables',
      value: `${KEY_REQUESTS_PER_FUNCTION} a month by each discovery`,
      basis: 'assumed',
      why: 'one in five minutes, the most that DynamoDB makes for a caller who keeps coming',
    },
    {
      name: 'custom metrics',
      value: 'every one that can be',
      basis: 'assumed',
      why: 'the registry’s count (docs/metrics.md), each for the whole month, at the dearest step',
    },
  ];
}

/** Not in the bill at all. */
export const leftOut: readonly string[] = [
  'The secret <name>/key-pepper, which is made by hand in the account and region of each gateway: Secrets Manager bills each one a month, and each time that it is read.',
  'Tokens of models and GPUs of one’s own (spillway capacity plan), data transfer between regions and to the internet, AWS Support, taxes.',
  'Free allowances: they belong to an account or an organization, which has other uses for them.',
  'The witness of a strongly consistent set (state.controls), whose price nobody has read: it takes in what operators write, a few items.',
  'KMS requests of other functions, S3 requests and storage of batches, batches themselves, and what people cost by looking (Logs Insights, GetMetricData).',
];
