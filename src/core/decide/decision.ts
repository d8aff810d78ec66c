/**
 * core/decide: which lawful targets may answer a request now, best first, and why not the others.
 *
 * Invariant: every candidate of every origin (route, last good, baseline, retry, probe, wake-up) passes the same
 * filters, residency among them, in this one stage. Same question, same decision: candidates are sorted by id first
 * and ties are broken by the request's id. The folder owns no state but a
 * memory of what one question and the next have in common.
 *
 *     roster ── candidates ── filters (removal codes) ── standing + scorers ── order ── plan + trail
 *     (kept of a route)                                  (kept)
 */
import type { WorkNeeds } from '../call/work.ts';
import type { DroppableFeature } from '../chat/droppable-feature.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import type { FailureClass } from '../failures/failure-table.ts';
import type { Origin, TargetHealth } from '../health/target-health.ts';
import type { Verdict } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Scope, Target, Tier } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import type { MicroUsd } from '../units/micro-usd.ts';
import type { JsonWay, JsonWayReason } from './json-way.ts';
import type { MissingAbility } from './missing-abilities.ts';

/** Why a candidate left. A closed list: each value is a metric label and a promise of the HTTP contract. */
export type RemovalCode =
  | 'residency-forbidden'
  | 'retention-forbidden'
  | 'tenant-forbidden'
  | 'capability-missing'
  | 'context-too-long'
  | 'state-unusable'
  | 'operator-disabled'
  | 'ejected'
  | 'no-capacity'
  | 'budget-exhausted'
  | 'price-unknown'
  | 'deadline-too-short';

/**
 * `no_lawful_target`: whatever its health, no target may see the prompt. `not_ready`: none is known, and nobody could read
 * whether there is one; or those that are left sleep. `upstream_failed`: lawful ones exist.
 */
export type RejectionCode =
  | 'no_lawful_target'
  | 'not_ready'
  | 'model_not_allowed'
  | 'invalid_request'
  | 'budget_exhausted'
  | 'capacity_exhausted'
  | 'request_too_large'
  | 'deadline_exceeded'
  | 'upstream_failed';

export interface Candidate {
  readonly target: Target;
  readonly tier: Tier;
  /** What the residency says, judged over the table and the compiled facts together. */
  readonly verdict: Verdict;
  /** The caller's bound on output tokens, else the default, inside what the target can do; 0 for work without any. */
  readonly maxTokens: number;
  /** What the call has and the target does not take. At least one. @default - it goes as it is */
  readonly dropped?: readonly DroppableFeature[] | undefined;
  /** How a target of Bedrock is made to answer in JSON. @default - no JSON is asked for, or of a container */
  readonly jsonWay?: JsonWay | undefined;
  /** @default - it is the way that goes first */
  readonly jsonWayReason?: JsonWayReason | undefined;
}

export interface Removal {
  readonly target: string;
  /** The filter's name. */
  readonly by: string;
  readonly code: RemovalCode;
  /** What of the work it cannot do, by name. Only with `capability-missing`. */
  readonly missing?: readonly MissingAbility[] | undefined;
}

/** A candidate with the first reason, if any, that removes it. */
export interface Judged {
  readonly candidate: Candidate;
  readonly removal: Removal | undefined;
}

/** How a candidate was scored. A row and not an object for each score: most are never shown. */
export interface Scores {
  readonly target: string;
  /** 0 to 10,000, more is better: one of each scorer, in the order of their list. */
  readonly scoresBps: readonly number[];
}

/** What a target is called without. */
export interface Dropped {
  readonly target: string;
  readonly feature: DroppableFeature;
}

/** How a target of the plan is made to answer in JSON. */
export interface JsonBy {
  readonly target: string;
  readonly way: JsonWay;
  /** @default - it is the way that goes first */
  readonly because?: JsonWayReason | undefined;
}

export interface Trail {
  readonly removed: readonly Removal[];
  /** Of every candidate that was ranked, as it was scored then. The rows are made when somebody asks. */
  scored(): readonly Scores[];
  /** Targets of the plan that are called without something, once for each. @default - none */
  readonly dropped?: readonly Dropped[] | undefined;
  /** One of each target of the plan that is Bedrock's. @default - no JSON is asked for */
  readonly jsonBy?: readonly JsonBy[] | undefined;
}

/** Health and pressure as this process knows them. */
export interface Conditions {
  /** By target id, and by `regionHealthKey` for whole regions. */
  readonly health: ReadonlyMap<string, TargetHealth>;
  /** By target id and origin: targets that fail for one origin's requests. @default - none does */
  readonly blamed?: ReadonlyMap<string, ReadonlyMap<Origin, TargetHealth>> | undefined;
  /** Until when a quota pool, or an account or a region of it (by `accountRestKey`), is left alone. */
  readonly resting: ReadonlyMap<string, InstantMs>;
  /** Requests under way by target id. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** Until when a target is believed to lack a feature that it refused (by `refusedFeatureKey`). */
  readonly refused: ReadonlyMap<string, InstantMs>;
  /** Until when a target that discovery last found without a copy is known to have one: it has answered. @default - none */
  readonly awake?: ReadonlyMap<string, InstantMs> | undefined;
  /** Until when schemas are believed to be compiling (by `compilingKey`) and to be compiled (by `compiledKey`). */
  readonly grammars: ReadonlyMap<string, InstantMs>;
}

export interface DecisionQuestion {
  readonly policy: ResidencyPolicy;
  readonly gatewayRegion: string;
  readonly gatewayAccount: string;
  readonly facts: CompiledFacts;
  readonly targets: readonly Target[];
  readonly baseline: readonly Target[];
  /** The route is empty although plan knows lawful targets: none of them can serve now. @default false */
  readonly lawfulButUnusable?: boolean | undefined;
  /** Nobody could read whether there is a route: targets are those of the baseline alone. @default false */
  readonly routeUnknown?: boolean | undefined;
  readonly needs: WorkNeeds;
  readonly limits: RequestLimits;
  /** Scopes that the tenant may use. @default - all */
  readonly tenantScopes?: readonly Scope[] | undefined;
  /** What the residency forbids providers to keep, judged by the configuration. @default - nothing is forbidden */
  readonly retentionForbidden?: ReadonlySet<string> | undefined;
  /** Target ids that operators switched off. */
  readonly disabled: ReadonlySet<string>;
  readonly conditions: Conditions;
  /** Targets that this request has already called: each is called once. */
  readonly tried: ReadonlySet<string>;
  /** What targets last answered this request with, by target id. @default - nothing is known but that they were tried */
  readonly heard?: ReadonlyMap<string, HeardFailure> | undefined;
  /** Targets that no budget of this request is left for: not to be asked, and not failed either. @default - none */
  readonly unasked?: ReadonlySet<string> | undefined;
  /** Targets that take no more of the request's lane just now, as far as is known. @default - none */
  readonly full?: ReadonlySet<string> | undefined;
  /** Targets that could not take this request even if they were empty. @default - none */
  readonly neverFits?: ReadonlySet<string> | undefined;
  /** Whoever is decided for may wait for a slot: those that are under way here keep it from no target. @default false */
  readonly admissionAsks?: boolean | undefined;
  /** Requests that may be in flight at one serverless target. @default - as many as there are */
  readonly serverlessSlots?: number | undefined;
  /** Source regions that failed this very request: others first. */
  readonly troubledRegions: ReadonlySet<string>;
  /** The target that last served the beginning of this conversation. @default - none is known, or no cache is asked for */
  readonly lastServedBy?: string | undefined;
  /** Whose request it is and of what kind. @default - no target is known to fail for it alone */
  readonly origin?: Origin | undefined;
  readonly at: InstantMs;
  readonly requestId: string;
}

/** How a call of this request to a target failed, whether or not it is held against the target. */
export interface HeardFailure {
  readonly class: FailureClass;
  /** When the target may be asked again. Only with `quota`, which it also is where the pool was known to have no room. */
  readonly retryAt?: InstantMs | undefined;
}

interface RequestLimits {
  /** The caller's bound on output tokens; 0 for work that has none. */
  readonly maxTokens?: number | undefined;
  /** The model's own default. @default - min(the target's maximum, 8192); unknown maximum: 4096 */
  readonly outputTokensDefault?: number | undefined;
  /** What the caller allows thoughts beside the answer, where it says no bound of both. */
  readonly thoughtTokensMax?: number | undefined;
  /** More than the input's true token count can be: for money, which fails closed. */
  readonly inputTokensCeiling: number;
  readonly costMicroUsdMax?: MicroUsd | undefined;
  /** A target with this context was too small. */
  readonly contextTokensAbove?: number | undefined;
  /** Milliseconds that are left of the caller's own deadline. */
  readonly remainingMs?: number | undefined;
}

export type Decision =
  | {
      readonly kind: 'routed';
      readonly plan: readonly [Candidate, ...Candidate[]];
      readonly wakeUps: readonly Candidate[];
      readonly trail: Trail;
    }
  | {
      readonly kind: 'rejected';
      readonly code: RejectionCode;
      /** When the first resting pool may be asked again. Only with `capacity_exhausted`. */
      readonly retryAt?: InstantMs | undefined;
      /** A lawful target lacks nothing but a free slot, and one may come back any moment. Only with `capacity_exhausted`. */
      readonly slotSoon?: boolean | undefined;
      readonly wakeUps: readonly Candidate[];
      readonly trail: Trail;
    };

/** Judges one candidate by one idea. */
export interface Filter {
  readonly name: string;
  /** A removal code, or undefined to keep the candidate. */
  judge(candidate: Candidate, question: DecisionQuestion): RemovalCode | undefined;
  /**
   * True where nothing in the question can make it remove any candidate: it is then asked of none.
   *
   * @default - it is asked of every candidate
   */
  isIdle?(question: DecisionQuestion): boolean;
  /**
   * True where all candidates of one make (see `Roster`) get the same word: it is then asked of the first of each.
   *
   * @default - it is asked of every candidate
   */
  judgesByMake?(question: DecisionQuestion): boolean;
}

export interface Scorer {
  readonly name: string;
  /** 1 or more. How much the score counts beside the other scorers'. */
  readonly weight: number;
  /**
   * The best value among all candidates that were kept, once a decision. Undefined where none is known.
   *
   * @default - a candidate is scored by itself alone
   */
  best?(peers: readonly Candidate[], question: DecisionQuestion): number | undefined;
  /** True where target, tier and gateway alone decide: then a candidate is scored once for all requests. @default false */
  readonly standing?: true;
  /** What every candidate of this question scores; undefined where they may differ. @default - they may differ */
  common?(question: DecisionQuestion, best: number | undefined): number | undefined;
  /** 0 (worst) to 10,000 (best) basis points; anything else is a bug. `best` is what `best` answered. */
  scoreBps(candidate: Candidate, question: DecisionQuestion, best: number | undefined): number;
}
