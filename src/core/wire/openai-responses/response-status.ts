import type { StopReason } from '../../chat/model-event.ts';
import { type IncompleteReason, responseEndOf } from '../stop-reasons.ts';

export interface ResponseStatus {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details: { readonly reason: IncompleteReason } | null;
}

/** Without a stop reason that the format has an answer is never called complete. */
export function responseStatus(stopReason: StopReason | undefined): ResponseStatus {
  const end = stopReason === undefined ? null : responseEndOf(stopReason);
  if (end === 'completed') return { status: 'completed', incomplete_details: null };
  return { status: 'incomplete', incomplete_details: end === null ? null : { reason: end } };
}
