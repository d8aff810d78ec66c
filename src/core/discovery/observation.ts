/** What discovery knows of one target. Times are epoch milliseconds; the table and HTTP spell them as ISO 8601. */
import type { Scope, TargetKind, TargetState } from '../target.ts';
import type { TokenQuota, ZeroQuota } from './zero-quotas.ts';

export interface Observation {
  /** The target id. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly kind: TargetKind;
  readonly scope: Scope;
  readonly modelId: string;
  readonly profileId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly component?: string | undefined;
  readonly state: TargetState;
  /** Every field that said so, e.g. `agreement-pending`, `access-not-checked`, `list-failed`, `absent-2-of-3`. */
  readonly reasons: readonly string[];
  /** From the ARNs as listed in this source region; `*` everywhere; empty when unknown (never lawful). */
  readonly reach: readonly string[];
  readonly lifecycle: string;
  readonly endOfLifeTime?: string | undefined;
  readonly inputModalities?: readonly string[] | undefined;
  readonly outputModalities?: readonly string[] | undefined;
  readonly streaming?: boolean | undefined;
  /** What its quota pool allows a minute, as Service Quotas last told. */
  readonly quotaTokensPerMinute?: number | undefined;
  /** Dedicated: copies in service. */
  readonly copies?: number | undefined;
  /** Since when the state holds. */
  readonly since: number;
  /** When an API last answered for this target. */
  readonly observedAt: number;
  /** True while the last answer is missing: the state is the last known good one. */
  readonly stale: boolean;
  /** Good lists in a row that lacked this target. */
  readonly absentLists: number;
  /** A second sign that a missing target is truly gone, or why it can never serve again. */
  readonly goneEvidence?:
    | 'availability-not-available'
    | 'end-of-life-passed'
    | 'data-path-refused'
    | 'three-lists'
    | 'operator'
    | undefined;
}

/** What Service Quotas last said of one account and region. */
export interface QuotaReport {
  /** When it was last asked, well or badly. */
  readonly askedAt: number;
  /** When it last answered; `zero` and `tokens` are of that time. Undefined: never. */
  readonly answeredAt?: number | undefined;
  readonly zero: readonly ZeroQuota[];
  /** Of tracked models. @default - none is known */
  readonly tokens?: readonly TokenQuota[] | undefined;
}

/** One target whose state moved, that appeared, or that nobody asks about any more. */
export interface ObservationChange {
  readonly target: string;
  /** Undefined for a target that was not known before. */
  readonly from: Observation['state'] | undefined;
  /** What was said of `from` last, and since when it held. Undefined where no state was, or an older version wrote. */
  readonly fromReasons?: readonly string[] | undefined;
  readonly fromSince?: number | undefined;
  /** Undefined for a target that left. */
  readonly to: Observation['state'] | undefined;
  readonly reasons: readonly string[];
  readonly at: number;
  /** Of a target that left, what was last known: no report has it any more. */
  readonly last?: Observation | undefined;
}

/** What a report says of the changes before it: `kept-changes.ts`. */
export interface KeptChanges {
  /** From this moment on nothing is missing, as long as the log keeps its entries. */
  readonly from: number;
  /** The changes that this report was written with, and earlier ones that may stand in it alone. */
  readonly latest: readonly ObservationChange[];
}

/** All that one run learned of one account and region. */
export interface RegionObservations {
  readonly account: string;
  readonly region: string;
  readonly targets: readonly Observation[];
  /** When the run ended. */
  readonly at: number;
  /** Parts that failed in this run, e.g. `ListFoundationModels: ThrottlingException`. */
  readonly failures: readonly string[];
  /** When both lists last answered well; undefined if never. */
  readonly completeAt?: number | undefined;
  /** What Service Quotas last said; undefined until it was first asked. */
  readonly quotas?: QuotaReport | undefined;
  /** How far back what moved is known. Undefined in reports of versions that did not keep it whole. */
  readonly history?: KeptChanges | undefined;
}
