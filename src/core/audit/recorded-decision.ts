/**
 * A decision as the audit trail keeps it: all that `decide` asked and all that it answered, in numbers, ids and words of
 * closed lists. What a caller wrote is in none of it.
 *
 * Candidates are told by their place in the list of the record, which is that of the roster: a record of 128 candidates
 * names each of them once. Instants are milliseconds since 1970. Members that say nothing are left out.
 */
import type { ChatFeature, ChatNeeds } from '../chat/chat-request.ts';
import type { DroppableFeature } from '../chat/droppable-feature.ts';
import type { RejectionCode, RemovalCode } from '../decide/decision.ts';
import type { JsonWay, JsonWayReason } from '../decide/json-way.ts';
import type { MissingAbility } from '../decide/missing-abilities.ts';
import type { FailureClass } from '../failures/failure-table.ts';
import type { TargetHealth } from '../health/target-health.ts';
import type { Scope, Tier } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';

/** Number of a candidate in the record's list, from 0. */
export type Place = number;

export interface RecordedCandidate {
  readonly target: string;
  readonly tier: Tier;
}

export interface RecordedDecision {
  readonly at: InstantMs;
  readonly asked: RecordedQuestion;
  readonly answer: RecordedAnswer;
}

/** What a request needs of a target, without its words: what a caller chose freely is told as there or not. */
export type RecordedNeeds = RecordedChatNeeds | RecordedEmbeddingNeeds;

type Flag<Name extends string> = { readonly [Each in Name]?: true | undefined };

export interface RecordedChatNeeds
  extends Pick<
      ChatNeeds,
      'input' | 'thinkingTokens' | 'forcedTool' | 'forcedJsonTool' | 'brokenTemplates' | 'inputTokensMin'
    >,
    Flag<NeedFlag> {
  readonly work: 'chat' | 'count-tokens';
  readonly features: readonly ChatFeature[];
  /** Only what some candidate is known to have or to lack; `other` is none of theirs. */
  readonly serviceTier?: string | undefined;
  /** The sampling options that are set; never their values. */
  readonly sampling?: readonly RecordedSampling[] | undefined;
}

type NeedFlag = (typeof needFlags)[number];

/** Needs that are there or not. */
export const needFlags = [
  'tools',
  'documents',
  'reasoning',
  'jsonSchema',
  'barsJsonTool',
  'schemaCompiles',
  'streaming',
  'bedrockOnly',
  'effort',
  'forbidsTools',
  'anthropicOnly',
  'guardrail',
  'pricedOtherwise',
  'anyJson',
  /** Why is in the schema's words; that it is so decides. */
  'nativeJsonObstacle',
  /** Which schema it is decides nothing but which words of others count for it. */
  'jsonSchemaKey',
] as const;

export type RecordedSampling =
  | 'seed'
  | 'negative-seed'
  | 'frequency-penalty'
  | 'presence-penalty'
  | 'logit-bias';

interface RecordedEmbeddingNeeds {
  readonly work: 'embedding';
  readonly dimensions?: number | undefined;
  readonly normalize?: boolean | undefined;
  readonly truncates: boolean;
  readonly inputTokensMin: number;
}

export interface RecordedLimits {
  readonly maxTokens?: number | undefined;
  readonly outputTokensDefault?: number | undefined;
  readonly thoughtTokensMax?: number | undefined;
  /** @default - nothing is capped, and nobody counted */
  readonly inputTokensCeiling?: number | undefined;
  readonly costMicroUsdMax?: number | undefined;
  readonly contextTokensAbove?: number | undefined;
  readonly remainingMs?: number | undefined;
}

export interface RecordedQuestion {
  readonly needs: RecordedNeeds;
  readonly limits: RecordedLimits;
  readonly lawfulButUnusable?: true | undefined;
  readonly routeUnknown?: true | undefined;
  readonly tenantScopes?: readonly Scope[] | undefined;
  /** Ids of models. */
  readonly retentionForbidden?: readonly string[] | undefined;
  readonly disabled?: readonly Place[] | undefined;
  readonly tried?: readonly Place[] | undefined;
  readonly unasked?: readonly Place[] | undefined;
  readonly full?: readonly Place[] | undefined;
  readonly neverFits?: readonly Place[] | undefined;
  readonly heard?: readonly RecordedFailure[] | undefined;
  readonly admissionAsks?: true | undefined;
  readonly serverlessSlots?: number | undefined;
  readonly troubledRegions?: readonly string[] | undefined;
  readonly lastServedBy?: Place | undefined;
  readonly conditions: RecordedConditions;
}

interface RecordedFailure {
  readonly candidate: Place;
  readonly class: FailureClass;
  readonly retryAt?: InstantMs | undefined;
}

/** What the process knew of health and pressure, of these candidates alone and as far as it can count. */
export interface RecordedConditions {
  readonly health?: readonly RecordedHealth[] | undefined;
  /** Of whole source regions, by the candidate that stands for the first of each account and region. */
  readonly regions?: readonly RecordedHealth[] | undefined;
  /** As far as requests of this one's origin alone are concerned. */
  readonly blamed?: readonly RecordedHealth[] | undefined;
  /** Quota pools, accounts and regions of them that rest, and until when. */
  readonly resting?: readonly (readonly [key: string, until: InstantMs])[] | undefined;
  /** Requests under way. */
  readonly inFlight?: readonly (readonly [Place, number])[] | undefined;
  /** What was heard to be refused there, by the first candidate that it is said of. */
  readonly refused?: readonly (readonly [Place, ChatFeature])[] | undefined;
  /** Known to have woken since discovery looked. */
  readonly awake?: readonly Place[] | undefined;
  /** Where the schema of this request is still being compiled. */
  readonly compiling?: readonly Place[] | undefined;
}

/** A state of health as far as a decision can tell it from another. */
export interface RecordedHealth {
  readonly candidate: Place;
  readonly kind: TargetHealth['kind'];
  readonly since?: InstantMs | undefined;
  readonly until?: InstantMs | undefined;
  readonly probedAt?: InstantMs | undefined;
  readonly lastSuccessAt?: InstantMs | undefined;
  readonly typicalMs?: number | undefined;
  /** Its quickest answers of late, in milliseconds to the first content, where the caller has a deadline. */
  readonly pace?: readonly number[] | undefined;
}

export interface RecordedAnswer {
  readonly outcome: 'routed' | RejectionCode;
  readonly retryAt?: InstantMs | undefined;
  readonly slotSoon?: true | undefined;
  /** Best first. */
  readonly plan?: readonly Place[] | undefined;
  /** Those that sleep, and nothing but that stands against them. */
  readonly wakeUps?: readonly Place[] | undefined;
  readonly removed?: readonly RecordedRemoval[] | undefined;
  /** The candidate, then its scores, 0 to 10,000, in the order of the record's list of scorers. */
  readonly scoresBps?: readonly (readonly number[])[] | undefined;
  readonly dropped?: readonly (readonly [Place, DroppableFeature])[] | undefined;
  readonly jsonBy?:
    | readonly (readonly [Place, JsonWay] | readonly [Place, JsonWay, JsonWayReason])[]
    | undefined;
}

interface RecordedRemoval {
  readonly candidate: Place;
  /** The filter's name. */
  readonly by: string;
  readonly code: RemovalCode;
  readonly missing?: readonly MissingAbility[] | undefined;
}
