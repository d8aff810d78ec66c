/** The stream of InvokeModelWithResponseStream: each event of a provider's own format is one chunk of bytes. */
import type { Usage } from '../../chat/model-event.ts';
import { base64OfBytes } from '../../units/base64.ts';
import { encodeEventFrame, joinedFrames } from '../event-stream/encode-frame.ts';

const encoder = new TextEncoder();

export function chunkFrames(events: readonly unknown[]): Uint8Array {
  return joinedFrames(
    events.map((event) =>
      encodeEventFrame('chunk', { bytes: base64OfBytes(encoder.encode(JSON.stringify(event))) }),
    ),
  );
}

/** What Bedrock adds to the last event of a provider's stream. Empty where the target told no usage. */
export function invocationMetrics(
  usage: Usage | undefined,
  { invocationMs, firstByteMs }: { readonly invocationMs: number; readonly firstByteMs: number },
) {
  if (usage === undefined) return {};
  return {
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: usage.inputTokens,
      outputTokenCount: usage.outputTokens,
      invocationLatency: invocationMs,
      firstByteLatency: firstByteMs,
      ...(usage.cacheReadInputTokens === undefined
        ? {}
        : { cacheReadInputTokenCount: usage.cacheReadInputTokens }),
      ...(usage.cacheWriteInputTokens === undefined
        ? {}
        : { cacheWriteInputTokenCount: usage.cacheWriteInputTokens }),
    },
  };
}
