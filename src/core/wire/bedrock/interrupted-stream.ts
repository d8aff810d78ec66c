import type { Usage } from '../../chat/model-event.ts';
import { encodeExceptionFrame } from '../event-stream/encode-frame.ts';
import { streamExceptionName } from './error-names.ts';
import { bedrockUsage } from './usage.ts';

/**
 * The exception that ends a stream which broke after its first content. Never `messageStop` and never `metadata`: the
 * answer is not whole. `usage` is exact where the target told it; else the deltas that were shown are counted and it
 * says so. SDKs hand out the message alone, so the code and the count stand in it too.
 */
export function interruptedFrame(broken: {
  /** How the target failed: an outcome of the failure table. */
  readonly outcome: string;
  readonly usage: Usage | undefined;
  readonly deltas: number;
}): Uint8Array {
  const { outcome, usage, deltas } = broken;
  const counted =
    usage === undefined ? `about ${deltas} output tokens` : `${usage.outputTokens} output tokens`;
  const message = `stream_interrupted: the answer broke off before its end (${outcome}) after ${counted}. What was sent is all there is; it was not finished elsewhere.`;
  return encodeExceptionFrame(streamExceptionName(outcome), {
    message,
    code: 'stream_interrupted',
    usage: usage === undefined ? { outputTokens: deltas, estimated: true } : bedrockUsage(usage),
  });
}
