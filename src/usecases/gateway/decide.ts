import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import { inputTokensCeilingOf, type Work } from '#core/call/work.ts';
import { waitsUnasked } from '#core/capacity/spill.ts';
import { decide } from '#core/decide/decide.ts';
import type { Decision, DecisionQuestion, HeardFailure } from '#core/decide/decision.ts';
import type { IncomingCall } from './ingress.ts';
import type { Job } from './job.ts';
import type { Services } from './services.ts';

/** What earlier attempts of this request taught. */
export interface Learned {
  readonly tried: ReadonlySet<string>;
  /** How each target that failed did so last. @default - none is known */
  readonly heard?: ReadonlyMap<string, HeardFailure> | undefined;
  /** Targets that no budget is left for. @default - none */
  readonly unasked?: ReadonlySet<string> | undefined;
  readonly troubledRegions: ReadonlySet<string>;
  /** A target with this context was too small. */
  readonly contextTokensAbove?: number | undefined;
  /** Structured outputs refused the schema of this call: a tool may take it. */
  readonly schemaRefused?: boolean | undefined;
  /** Structured outputs kept this call waiting for its schema: a tool goes first. */
  readonly schemaCompiles?: boolean | undefined;
  /** Targets that had no slot for this request when they were asked for one. @default - none */
  readonly full?: ReadonlySet<string> | undefined;
  /** Targets that could not hold this request even if they were empty. @default - none */
  readonly neverFits?: ReadonlyMap<string, TokensHeld> | undefined;
  /** Nothing else is left: every target that lacks only a slot is asked for one, whatever was heard of it. */
  readonly lastResort?: boolean | undefined;
}

/** What a request needs of one copy's KV cache, or of a quota pool in a minute, and what that has. */
export interface TokensHeld {
  readonly neededTokens: number;
  readonly heldTokens: number;
  readonly of: 'memory' | 'quota';
}

export const nothingLearned: Learned = { tried: new Set(), troubledRegions: new Set() };

/** A call, or one that the product itself is about to make for somebody's sake. */
export type JobToDecide = Pick<Job, 'arrival' | 'placement' | 'sourced' | 'marks' | 'notes'> & {
  readonly call: Omit<IncomingCall, 'work'> & { readonly work: Work };
};

/** Stage 4. Every attempt of a request passes here first; core decides, and this only gathers what it asks for. */
export function decideCall(services: Services, job: JobToDecide, learned: Learned): Decision {
  const question = questionOf(services, job, learned);
  const decision = decide(question);
  job.notes?.decided(question, decision, services.disabledTargets.all());
  return decision;
}

function questionOf(services: Services, job: JobToDecide, learned: Learned): DecisionQuestion {
  const { call, placement, sourced, arrival, marks } = job;
  const { config, facts, region, account, affinity, clock } = services;
  const at = clock.now();
  return {
    policy: placement.policy,
    gatewayRegion: region,
    gatewayAccount: account,
    facts,
    targets: sourced.targets,
    baseline: sourced.baseline,
    lawfulButUnusable: sourced.route?.unusable,
    routeUnknown: sourced.isUnknown,
    needs: needsOf(call, learned),
    limits: limitsOf(services, job, learned),
    retentionForbidden: retentionForbidden(config, placement.policy.name, call.modelConfig),
    disabled: services.disabledTargets.at(at),
    conditions: services.book.view(),
    admissionAsks: services.lines !== undefined,
    origin: call.origin,
    tried: learned.tried,
    heard: learned.heard,
    unasked: learned.unasked,
    full: fullNow(services, job, learned),
    neverFits: learned.neverFits === undefined ? undefined : new Set(learned.neverFits.keys()),
    serverlessSlots: config.capacity.serverlessSlots,
    troubledRegions: learned.troubledRegions,
    lastServedBy: marks === undefined ? undefined : affinity.lastServedBy(marks, at),
    at,
    requestId: arrival.requestId,
  };
}

/** Those that were heard to be full are passed over, but by whoever stands in a line for them in any case. */
function fullNow(
  { rooms, clock, lines, config }: Services,
  { call }: JobToDecide,
  learned: Learned,
): ReadonlySet<string> | undefined {
  const { full, lastResort } = learned;
  if (lastResort === true) return full;
  if (lines !== undefined && waitsUnasked(call.options.lane, config.capacity.spill)) return full;
  const known = rooms.fullFor(call.options.lane, clock.now());
  return full === undefined || full.size === 0 ? known : new Set([...known, ...full]);
}

function needsOf(
  { needs }: Pick<IncomingCall, 'needs'>,
  { schemaRefused, schemaCompiles }: Learned,
): IncomingCall['needs'] {
  if (needs.work === 'embedding') return needs;
  if (schemaRefused === true) return { ...needs, nativeJsonObstacle: 'schema refused' };
  return schemaCompiles === true ? { ...needs, schemaCompiles } : needs;
}

function limitsOf(services: Services, job: JobToDecide, learned: Learned): DecisionQuestion['limits'] {
  const { work, modelConfig, options } = job.call;
  // Counting is free, whatever the model's price.
  const costMicroUsdMax = work.kind === 'count-tokens' ? undefined : options.costMicroUsdMax;
  return {
    ...outputLimits(work, modelConfig),
    // Every text is measured for it. Where nothing is capped nobody asks; whoever did, would be told that it is too much.
    inputTokensCeiling: costMicroUsdMax === undefined ? Number.MAX_SAFE_INTEGER : inputTokensCeilingOf(work),
    costMicroUsdMax,
    contextTokensAbove: learned.contextTokensAbove,
    remainingMs: options.deadlineMs === undefined ? undefined : remainingMs(services, job),
  };
}

/** Only a chat has output tokens. */
function outputLimits(work: Work, { outputTokensDefault }: ModelConfig) {
  if (work.kind !== 'chat') return { maxTokens: 0 };
  const { inference, reasoning } = work.request;
  const thoughtTokensMax = reasoning?.budgetTokens;
  return { maxTokens: inference.maxTokens, outputTokensDefault, thoughtTokensMax };
}

/** What is left of the request's whole time, the caller's own deadline and the shell's included; 0 or less when it is over. */
export function remainingMs({ clock }: Services, { call, arrival }: JobToDecide): number {
  const { totalMs } = call.modelConfig.deadlines;
  const { deadlineMs = totalMs } = call.options;
  const { answerWithinMs = totalMs } = arrival.request;
  return Math.min(totalMs, deadlineMs, answerWithinMs) - (clock.monotonicMs() - arrival.startedMs);
}

/** Candidates whose provider would keep more of a prompt than the residency allows. */
function retentionForbidden(
  config: SpillwayConfig,
  residency: string,
  model: ModelConfig,
): ReadonlySet<string> {
  if (config.residencies[residency]?.retention === 'provider-data-share') return noneForbidden;
  const known = sharingCandidates.get(model);
  if (known !== undefined) return known;
  const sharing = model.candidates.filter(({ retention }) => retention === 'provider-data-share');
  const ids = new Set(sharing.map(({ id }) => id));
  sharingCandidates.set(model, ids);
  return ids;
}

const noneForbidden: ReadonlySet<string> = new Set();
/** Of a configuration that never changes: every decision asks. */
const sharingCandidates = new WeakMap<ModelConfig, ReadonlySet<string>>();
