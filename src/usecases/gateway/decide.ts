import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import { decide } from '#core/decide/decide.ts';
import type { Decision } from '#core/decide/decision.ts';
import type { ChatJob } from './chat-job.ts';
import type { Services } from './services.ts';

/** What earlier attempts of this request taught. */
export interface Learned {
  readonly tried: ReadonlySet<string>;
  readonly troubledRegions: ReadonlySet<string>;
  /** A target with this context was too small. */
  readonly contextTokensAbove?: number | undefined;
}

export const nothingLearned: Learned = { tried: new Set(), troubledRegions: new Set() };

/** Stage 4. Every attempt of a request passes here first; core decides, and this only gathers what it asks for. */
export function decideChat(services: Services, job: ChatJob, learned: Learned): Decision {
  const { chat, placement, sourced, arrival } = job;
  const { config, facts, region, account, book, clock } = services;
  return decide({
    policy: placement.policy,
    gatewayRegion: region,
    gatewayAccount: account,
    facts,
    targets: sourced.targets,
    baseline: sourced.baseline,
    lawfulButUnusable: sourced.route?.unusable,
    needs: chat.needs,
    limits: {
      maxTokens: chat.request.inference.maxTokens,
      outputTokensDefault: chat.modelConfig.outputTokensDefault,
      inputTokensCeiling: chat.inputTokensCeiling,
      costMicroUsdMax: chat.options.costMicroUsdMax,
      contextTokensAbove: learned.contextTokensAbove,
      remainingMs: chat.options.deadlineMs === undefined ? undefined : remainingMs(services, job),
    },
    retentionForbidden: retentionForbidden(config, placement.policy.name, chat.modelConfig),
    disabled: noneDisabled,
    conditions: book.view(),
    tried: learned.tried,
    troubledRegions: learned.troubledRegions,
    at: clock.now(),
    requestId: arrival.requestId,
  });
}

/** Operators' switches come through the table's control items, which have an issue of their own. */
const noneDisabled: ReadonlySet<string> = new Set();

/** What is left of the request's whole time, the caller's own deadline included; 0 or less when it is over. */
export function remainingMs({ clock }: Services, { chat, arrival }: ChatJob): number {
  const { totalMs } = chat.modelConfig.deadlines;
  return Math.min(totalMs, chat.options.deadlineMs ?? totalMs) - (clock.monotonicMs() - arrival.startedMs);
}

/** Candidates whose provider would keep more of a prompt than the residency allows. */
function retentionForbidden(
  config: SpillwayConfig,
  residency: string,
  model: ModelConfig,
): ReadonlySet<string> {
  if (config.residencies[residency]?.retention === 'provider-data-share') return new Set();
  return new Set(
    model.candidates.filter((entry) => entry.retention === 'provider-data-share').map((entry) => entry.id),
  );
}
