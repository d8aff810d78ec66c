/**
 * core/alarms: every alarm of the product, in one list from which templates, descriptions in AWS, docs/alarms.md and the
 * replay of incidents are made.
 *
 * Invariant: no alarm is made that does not stand here, so that each has somebody who owns it, a first step, and a meaning
 * for data that is missing; what pages is a composite or calls by itself, never both. The folder owns no state.
 */

/** `page`: somebody gets up. `ticket`: it waits for the morning. */
export type AlarmSeverity = 'page' | 'ticket';

/** Whose work it is: who runs Spillway, who calls it, who owns the observed account, who pays. */
export type AlarmOwner = 'platform' | 'application' | 'account owner' | 'finance';

export type AlarmPlace = 'home' | 'each gateway region' | 'each observed account and region';

export interface AlarmMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** Names of its dimensions, in the order of its registry. */
  readonly dimensions: readonly string[];
  readonly statistic: 'Sum' | 'Maximum' | 'SampleCount';
}

export interface AlarmSignal {
  /** By the name that the expression knows them by: at most ten, all of one period. */
  readonly metrics: Readonly<Record<string, AlarmMetric>>;
  /** @default - the only metric as it is */
  readonly expression?: string;
}

/** What a missing datapoint stands for, and why that is right here. */
export interface MissingData {
  readonly treatedAs: 'notBreaching' | 'breaching';
  readonly because: string;
}

interface Told {
  /** The end of its physical name, behind the deployment's and a hyphen. `{model}` stands for a logical model. */
  readonly id: string;
  readonly place: AlarmPlace;
  readonly severity: AlarmSeverity;
  readonly owner: AlarmOwner;
  /** What has happened, in a sentence or two. */
  readonly meaning: string;
  /** Most likely first. */
  readonly causes: readonly string[];
  /** The runbook's first step. */
  readonly first: string;
  /** File and anchor below docs/runbooks. */
  readonly runbook: string;
}

export interface MetricAlarm extends Told {
  readonly kind: 'metric';
  readonly signal: AlarmSignal;
  /** How long one datapoint is. */
  readonly periodSeconds: number;
  /** Datapoints that are looked at, and how many of them must be bad. */
  readonly periods: number;
  readonly badPeriods: number;
  /** Which side of the threshold is bad; above a band is judged by what CloudWatch has learned of the metric. */
  readonly comparison: 'at-or-above' | 'below' | 'above-band';
  /** In the unit of the metric or expression; of a band its width in standard deviations. */
  readonly threshold: number;
  readonly missing: MissingData;
  /** The composite that calls for it. @default - it calls by itself */
  readonly partOf?: string;
}

/** An alarm's id, or rules of which any or all must hold. */
export type AlarmRule =
  | string
  | { readonly any: readonly AlarmRule[] }
  | { readonly all: readonly AlarmRule[] };

/** Goes off with others, and calls once for all of them. */
export interface CompositeAlarm extends Told {
  readonly kind: 'composite';
  readonly rule: AlarmRule;
}

export type AlarmDefinition = MetricAlarm | CompositeAlarm;

/** What of a configuration the alarms depend on. */
export interface AlarmSettings {
  readonly discoverEverySeconds: number;
  /** Of plan, verify and the witness of audit trails. */
  readonly controlEverySeconds: number;
  /** Of calls that are not the caller's fault, how large a share must be answered. */
  readonly availability: number;
  /** Of answers, how large a share must begin in the time that is meant for their model. */
  readonly firstTokenShare: number;
  /** @default - no alarm watches a sum */
  readonly costUsdPerDayMax?: number | undefined;
}
