import type { StopReason } from '../../chat/model-event.ts';

type IncompleteReason = 'max_output_tokens' | 'content_filter';

/** Why an answer is not the whole of what the model had to say; every other stop is the model's own. */
const incomplete: ReadonlyMap<StopReason, IncompleteReason> = new Map([
  ['max_tokens', 'max_output_tokens'],
  ['model_context_window_exceeded', 'max_output_tokens'],
  ['content_filtered', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
]);

export interface ResponseStatus {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details: { readonly reason: IncompleteReason } | null;
}

/** Without a stop reason an answer is never called complete. */
export function responseStatus(stopReason: StopReason | undefined): ResponseStatus {
  if (stopReason === undefined) return { status: 'incomplete', incomplete_details: null };
  const reason = incomplete.get(stopReason);
  return reason === undefined
    ? { status: 'completed', incomplete_details: null }
    : { status: 'incomplete', incomplete_details: { reason } };
}
