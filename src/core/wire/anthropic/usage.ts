import type { Usage } from '../../chat/model-event.ts';

/** Anthropic keeps cached tokens apart, as the canonical form does. Null: the target does not say. */
export interface AnthropicUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens: number | null;
  readonly cache_read_input_tokens: number | null;
  /** Of the provider's own, which no target tells. */
  readonly cache_creation: null;
  readonly inference_geo: null;
  readonly output_tokens_details: null;
  readonly server_tool_use: null;
  readonly service_tier: null;
  readonly speed: null;
  /** Only where the target told no counts: what stands here is not exact. */
  readonly estimated?: true;
}

/** @param deltas content deltas that were shown, about one token each: what is told where the target told nothing */
export function anthropicUsage(usage: Usage | undefined, deltas: number): AnthropicUsage {
  if (usage === undefined) return { ...noUsageYet, output_tokens: deltas, estimated: true };
  return {
    ...noUsageYet,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_creation_input_tokens: usage.cacheWriteInputTokens ?? null,
    cache_read_input_tokens: usage.cacheReadInputTokens ?? null,
  };
}

/** At the start of a stream: targets tell their counts at its end, where `message_delta` has them all. */
export const noUsageYet: AnthropicUsage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  cache_creation: null,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
};
