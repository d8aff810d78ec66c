/** What no template tells and the bill needs. Everything is for a month of 730 hours. */
export interface Usage {
  /** Requests of all gateways together. */
  readonly requests: number;
  /** How long a request keeps its function, in milliseconds: until the last token is sent. */
  readonly answerMs: number;
  /** How long a run of a clock keeps its function, in milliseconds, by the function's kind; others count with their timeout. */
  readonly runMs: Readonly<Record<'discover' | 'plan' | 'verify' | 'audit' | 'witness', number>>;
  /** Changes that discovery sees in an account and region. */
  readonly changesPerPlace: number;
  /** Runs of a pipeline, from its source to its last wave. */
  readonly releases: number;
}

/** How long a build of a pipeline takes: making templates, and deploying a wave before its alarms are watched. */
export const BUILD_MINUTES = 10;

export const MINUTES_PER_MONTH = 43_800;
export const HOURS_PER_MONTH = 730;

/** Bytes of a log that a run of a clock and a request write; Lambda's own three lines included. */
export const LOG_BYTES_PER_RUN = 1_000;
export const LOG_BYTES_PER_REQUEST = 3_000;

/** A process that answers looks for new routes when those it has are older. */
export const ROUTES_FRESH_MS = 5_000;

/** Writes to tables of the gateway's region that a request makes: its limits, its share of a quota. */
export const WRITES_PER_REQUEST = 2;

/** Lambda asks a queue by five pollers, each of which waits up to 20 seconds for a message. */
export const IDLE_POLLS_PER_QUEUE = 5 * 3 * MINUTES_PER_MONTH;

/** DynamoDB asks for the key of its tables anew for a caller who was away for five minutes: no oftener than that. */
export const KEY_REQUESTS_PER_FUNCTION = MINUTES_PER_MONTH / 5;

/** A request's record in the audit trail as it is stored, compressed, and how many one sealing takes in. */
export const AUDIT_RECORD_BYTES = 1_126;
export const AUDIT_RECORDS_PER_SEAL = 500;
/** Records are gathered for half a minute. */
export const SEALS_PER_MONTH = 2 * MINUTES_PER_MONTH;
/** Sent, received and deleted. */
export const QUEUE_REQUESTS_PER_RECORD = 3;

/** A target in a published route, and the most of them that a route holds. */
export const TARGET_BYTES = 1_024;
export const TARGETS_MAX = 128;
export const TARGETS_PER_PLACE = 2;
/** Old versions that are kept of each route. */
export const ROUTE_VERSIONS = 30;
export const OBSERVATION_BYTES = 4_096;
/** A change of a target as it is logged, and the targets that change together: a model by its own id and by two profiles. */
export const CHANGE_BYTES = 512;
export const TARGETS_PER_CHANGE = 3;
/** Each is put into the log with its report and once more with the report after that: nobody knows whether the first put stands. */
export const PUTS_PER_CHANGED_TARGET = 2;
/** Ninety days, in whole months; what is forgotten then costs nothing. */
export const CHANGES_KEPT_MONTHS = 3;

export const defaultUsage: Usage = {
  requests: 1_000_000,
  answerMs: 5_000,
  runMs: { discover: 3_000, plan: 10_000, verify: 10_000, audit: 2_000, witness: 3_000 },
  changesPerPlace: 30,
  releases: 4,
};
