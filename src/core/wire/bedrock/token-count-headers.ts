import type { Usage } from '../../chat/model-event.ts';

/** The headers in which InvokeModel tells what a call used; none for what the target did not tell. */
export function tokenCountHeaders(usage: Usage | undefined): Readonly<Record<string, string>> {
  if (usage === undefined) return {};
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  const counts = {
    input: inputTokens,
    output: outputTokens,
    'cache-read-input': cacheReadInputTokens,
    'cache-write-input': cacheWriteInputTokens,
  };
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      count === undefined ? [] : [[`x-amzn-bedrock-${name}-token-count`, String(count)]],
    ),
  );
}
