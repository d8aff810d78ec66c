import type { Usage } from '../../chat/model-event.ts';
import { anthropicError } from './error-body.ts';
import { anthropicUsage } from './usage.ts';

/** Outcomes that mean that the target had no room: Anthropic's clients know these as overload. */
const overloaded: ReadonlySet<string> = new Set([
  'throttled',
  'container-throttled',
  'quota-exceeded',
  'model-not-ready',
  'service-unavailable',
]);

/**
 * The event that ends a stream which broke after its first content. Never a stop reason, never `message_stop`: the
 * answer is not whole. `usage` is exact where the target told it; else the deltas that were shown are counted.
 */
export function interruptedMessage(broken: {
  readonly requestId: string;
  /** How the target failed: an outcome of the failure table. */
  readonly outcome: string;
  readonly usage: Usage | undefined;
  readonly deltas: number;
}) {
  const { requestId, outcome, usage, deltas } = broken;
  const code = 'stream_interrupted';
  // Some clients keep nothing of an error but its type and this text.
  const message = `The answer broke off before its end (${code}: ${outcome}). What was sent is all there is; it was not finished elsewhere.`;
  const body = anthropicError({ status: 502, code, message, requestId });
  const type = overloaded.has(outcome) ? 'overloaded_error' : body.error.type;
  return { ...body, error: { ...body.error, type }, usage: anthropicUsage(usage, deltas) };
}
