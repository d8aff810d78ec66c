import type { Usage } from '../../chat/model-event.ts';

/** OpenAI counts cached tokens among the input's. How many tokens were thoughts no target says: then none is told. */
export function responseUsage(usage: Usage, thought: boolean) {
  const {
    inputTokens,
    outputTokens,
    cacheReadInputTokens: read = 0,
    cacheWriteInputTokens: written = 0,
  } = usage;
  const input = inputTokens + read + written;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    output_tokens: outputTokens,
    output_tokens_details: thought ? {} : { reasoning_tokens: 0 },
    total_tokens: input + outputTokens,
  };
}
