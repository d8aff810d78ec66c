import type { Usage } from '../chat/model-event.ts';
import type { Target } from '../target.ts';

/**
 * What Bedrock takes from a token quota when a call begins: its input, and the longest answer that it allows.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html
 */
export function quotaTokensAtStart(call: {
  readonly inputTokens: number;
  readonly maxTokens: number;
}): number {
  return call.inputTokens + call.maxTokens;
}

/** Of an estimated input what is there without doubt: nineteen of twenty estimates are within less. */
const SURE_INPUT_SHARE = 0.8;

/** Whether a call is more than a pool brings in a minute: AWS throttles it even while nobody else uses the pool. */
export function neverFitsQuota(
  call: { readonly inputTokens: number; readonly maxTokens: number },
  tokensPerMinute: number,
): boolean {
  return call.inputTokens * SURE_INPUT_SHARE + call.maxTokens > tokensPerMinute;
}

/**
 * What the call has taken in the end. What was read from a prompt cache does not count; what was written to one does,
 * and a token of output counts for several with some models.
 *
 * @param outputBurndown tokens that one of output counts for
 */
export function quotaTokensUsed(usage: Usage, outputBurndown: number): number {
  const { inputTokens, outputTokens, cacheWriteInputTokens = 0 } = usage;
  return inputTokens + cacheWriteInputTokens + outputTokens * outputBurndown;
}

/** One tier has a quota of its own, which was bought; the others share that of the pool. */
const BOUGHT_TIER = 'reserved';

/** Tokens a minute that the pool allows the call; undefined where that is not known. */
export function tokensPerMinuteOf(
  { quotaTokensPerMinute }: Pick<Target, 'quotaTokensPerMinute'>,
  serviceTier: string | undefined,
): number | undefined {
  return serviceTier === BOUGHT_TIER ? undefined : quotaTokensPerMinute;
}
