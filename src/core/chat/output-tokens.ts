import type { Target } from '../target.ts';

/** Where neither the caller nor the model's configuration says, and the target's maximum is not known. */
const UNKNOWN_MAXIMUM_TOKENS = 4096;
/** More than this is rarely written, and every token of it is taken from the quota when the call starts. */
const DEFAULT_TOKENS_MAX = 8192;

/**
 * The bound on output tokens that a call carries (0: the work has none): the caller's, else the model's default, else
 * min(the target's maximum, 8,192), with room for the thoughts that the caller allows beside the answer; never over the
 * target's known maximum.
 */
export function outputTokensFor(
  target: Pick<Target, 'outputTokensMax'>,
  limits: {
    readonly maxTokens?: number | undefined;
    readonly outputTokensDefault?: number | undefined;
    readonly thoughtTokensMax?: number | undefined;
  },
): number {
  const { outputTokensMax } = target;
  const fallback =
    outputTokensMax === null ? UNKNOWN_MAXIMUM_TOKENS : Math.min(outputTokensMax, DEFAULT_TOKENS_MAX);
  const unsaid = (limits.outputTokensDefault ?? fallback) + (limits.thoughtTokensMax ?? 0);
  const wished = limits.maxTokens ?? unsaid;
  return outputTokensMax === null ? wished : Math.min(wished, outputTokensMax);
}
