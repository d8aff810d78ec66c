import type { Usage } from '../../chat/model-event.ts';
import { openAiError } from './error-body.ts';
import { openAiUsage } from './usage.ts';

/**
 * The event that ends a stream which broke after its first content. Never a finish reason, never `[DONE]`: the answer
 * is not whole. `usage` is exact where the target told it; else the deltas that were shown are counted and it says so.
 */
export function interruptedStream(broken: {
  /** How the target failed: an outcome of the failure table. */
  readonly outcome: string;
  readonly usage: Usage | undefined;
  readonly deltas: number;
}) {
  const { outcome, usage, deltas } = broken;
  const message = `The answer broke off before its end (${outcome}). What was sent is all there is; it was not finished elsewhere.`;
  const counted = usage === undefined ? { completion_tokens: deltas, estimated: true } : openAiUsage(usage);
  return { ...openAiError({ status: 502, code: 'stream_interrupted', message }), usage: counted };
}
