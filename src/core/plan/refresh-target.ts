/** What a standing target takes from what is known of it now, where a hold fixes which targets stand and in what order. */
import type { Target } from '../target.ts';
import { type CandidateQuestion, type Judgement, judgeCandidates } from './judge-candidates.ts';

/**
 * `standing` with the members that change while a target stays the same: state, lifecycle, its end, shares, reach,
 * capabilities, pricing, quota. A frozen state would keep a GPU that has warmed up out of use for as long as the hold.
 */
export function refreshTarget(standing: Target, known: Target): Target {
  const {
    endOfLifeTime: _end,
    share: _share,
    copies: _copies,
    kvTokens: _kvTokens,
    kvTokensPerRequest: _kvTokensPerRequest,
    quotaTokensPerMinute: _quotaTokensPerMinute,
    ...fixed
  } = standing;
  const { state, lifecycle, endOfLifeTime, share, reach, capabilities, pricing } = known;
  const { copies, kvTokens, kvTokensPerRequest, quotaTokensPerMinute } = known;
  return {
    ...fixed,
    reach,
    state,
    lifecycle,
    ...(endOfLifeTime === undefined ? {} : { endOfLifeTime }),
    capabilities,
    pricing,
    ...(share === undefined ? {} : { share }),
    ...(copies === undefined ? {} : { copies }),
    ...(kvTokens === undefined ? {} : { kvTokens }),
    ...(kvTokensPerRequest === undefined ? {} : { kvTokensPerRequest }),
    ...(quotaTokensPerMinute === undefined ? {} : { quotaTokensPerMinute }),
  };
}

/** By id, what can be routed now. A target of which nothing new is known, or that takes no request, is not in it. */
export function routableTargets(judgements: Iterable<Judgement>): ReadonlyMap<string, Target> {
  const routable = new Map<string, Target>();
  for (const each of judgements) if (each.kind === 'routable') routable.set(each.target.id, each.target);
  return routable;
}

/** What fresh observations say of a route's candidates: those that can be routed, and those whose reach is unlawful. */
export function judgedNow(question: CandidateQuestion): {
  readonly routable: ReadonlyMap<string, Target>;
  readonly unlawful: ReadonlySet<string>;
} {
  const judgements = judgeCandidates(question);
  const unlawful = judgements.flatMap((each) => (each.kind === 'unlawful' ? [each.id] : []));
  return { routable: routableTargets(judgements), unlawful: new Set(unlawful) };
}
