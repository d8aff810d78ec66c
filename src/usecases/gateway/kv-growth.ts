import { contentLength } from '#core/chat/content-length.ts';
import { isContent } from '#core/chat/model-event.ts';
import { grownOutput } from '#core/kv/grown-output.ts';
import { kvTokensOfRequest } from '#core/kv/kv-tokens.ts';
import { tokensWritten } from '#core/limits/estimated-usage.ts';
import type { Target } from '#core/target.ts';
import type { AnswerWatch } from './call-target.ts';
import type { Run } from './job.ts';
import type { Lease } from './slot.ts';

/**
 * Raises what a call has reserved of a target's KV cache while its answer grows beyond what was expected of it, up to
 * the most that it may write. Undefined where memory limits nothing, or all of it is reserved already.
 */
export function watchKvGrowth({ services, job }: Run, target: Target, lease: Lease): AnswerWatch | undefined {
  const { grow } = lease;
  if (grow === undefined || target.kvTokens === undefined) return undefined;
  const { inputTokens, outputTokens, maxTokens } = services.sizes.of(job, target);
  if (outputTokens >= maxTokens) return undefined;
  let reserved = outputTokens;
  let deltas = 0;
  let characters = 0;
  return (event) => {
    if (isContent(event)) deltas += 1;
    characters += contentLength(event);
    const written = tokensWritten({ deltas, characters });
    if (written < reserved || reserved >= maxTokens) return;
    reserved = grownOutput(written, maxTokens);
    grow(kvTokensOfRequest({ inputTokens, outputTokens: reserved, fixedTokens: target.kvTokensPerRequest }));
  };
}
