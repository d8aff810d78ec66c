/** What no template tells and the bill needs. Everything is for a month of 730 hours. */
export interface Usage {
  /** Requests of all gateways together. */
  readonly requests: number;
  /** How long a request keeps its function, in milliseconds: until the last token is sent. */
  readonly answerMs: number;
  /** How long a run of a clock keeps its function, in milliseconds, by the function's kind; others count with their timeout. */
  readonly runMs: Readonly<Record<'discover' | 'plan' | 'verify', number>>;
  /** Changes that discovery sees in an account and region. */
  readonly changesPerPlace: number;
}

export const MINUTES_PER_MONTH = 43_800;
export const HOURS_PER_MONTH = 730;
const MS_PER_SECOND = 1_000;

/** Bytes of a log that a run of a clock and a request write; Lambda's own three lines included. */
export const LOG_BYTES_PER_RUN = 1_000;
export const LOG_BYTES_PER_REQUEST = 3_000;

/** A process that answers looks for new routes when those it has are older. */
export const ROUTES_FRESH_MS = 5_000;

/** Writes to tables of the gateway's region that a request makes: its limits, its share of a quota. */
export const WRITES_PER_REQUEST = 2;

/** Lambda asks a queue by five pollers, each of which waits up to 20 seconds for a message. */
export const IDLE_POLLS_PER_QUEUE = 5 * 3 * MINUTES_PER_MONTH;

/** A target in a published route, and the most of them that a route holds. */
export const TARGET_BYTES = 1_024;
export const TARGETS_MAX = 128;
export const TARGETS_PER_PLACE = 2;
/** Old versions that are kept of each route. */
export const ROUTE_VERSIONS = 30;
export const OBSERVATION_BYTES = 4_096;

export const defaultUsage: Usage = {
  requests: 1_000_000,
  answerMs: 5_000,
  runMs: { discover: 3_000, plan: 10_000, verify: 10_000 },
  changesPerPlace: 30,
};

export interface Assumption {
  readonly name: string;
  readonly value: string;
  /** `measured`: by a command that is named. `asked`: the user's to say, by the option that is named. `assumed`: by nobody. */
  readonly basis: 'measured' | 'asked' | 'assumed';
  readonly why: string;
}

const seconds = (ms: number): string => `${ms / MS_PER_SECOND} s`;

/** Every one, for people: a bill without them says nothing. */
export function assumptionsOf(usage: Usage): readonly Assumption[] {
  const { discover = 0, plan = 0, verify = 0 } = usage.runMs;
  return [
    {
      name: 'requests a month',
      value: String(usage.requests),
      basis: 'asked',
      why: '--requests; of all gateways together, spread evenly',
    },
    {
      name: 'a request keeps its function',
      value: seconds(usage.answerMs),
      basis: 'asked',
      why: '--answer-ms; until the last token is sent',
    },
    {
      name: 'a discovery run',
      value: seconds(discover),
      basis: 'asked',
      why: '--discovery-run-ms; measured on the local AWS: 15 ms and 8 calls (node bench/control-runs.ts). The rest is for what that leaves out: the way to AWS, the time of its APIs, the slower processor of a small function',
    },
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
      name: 'changes a month in an account and region',
      value: String(usage.changesPerPlace),
      basis: 'asked',
      why: '--changes; each wakes plan, which publishes the routes of one model again',
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
      name: 'custom metrics',
      value: 'every one that can be',
      basis: 'assumed',
      why: 'the registry’s count (docs/metrics.md), each for the whole month, at the dearest step',
    },
  ];
}

/** Not in the bill at all. */
export const leftOut: readonly string[] = [
  'Tokens of models and GPUs of one’s own (spillway capacity plan), data transfer between regions and to the internet, AWS Support, taxes.',
  'Free allowances: they belong to an account or an organization, which has other uses for them.',
  'KMS requests, S3 requests and storage, batches, and what people cost by looking (Logs Insights, GetMetricData).',
];
