import type { Usage } from '../../chat/model-event.ts';

export interface BedrockUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The two above and the cached tokens, which AWS counts in. */
  readonly totalTokens: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
}

/** Converse's `usage`: `inputTokens` excludes cached tokens, as the canonical form does. */
export function bedrockUsage(usage: Usage): BedrockUsage {
  const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: written } = usage;
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + (read ?? 0) + (written ?? 0),
    ...(read === undefined ? {} : { cacheReadInputTokens: read }),
    ...(written === undefined ? {} : { cacheWriteInputTokens: written }),
  };
}
