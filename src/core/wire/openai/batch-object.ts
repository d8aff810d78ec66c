/** OpenAI's batch object. Times are whole seconds; what it does not know stands in `spillway`. */
import type { Batch, BatchState, Tally } from '../../batch/batch.ts';

/** @param tally as far as it is known now */
export function openAiBatch(batch: Batch, tally: Tally) {
  const at = (state: BatchState): number | null => seconds(batch.since[state]);
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    model: batch.model ?? null,
    errors: errorsOf(batch),
    input_file_id: batch.inputFile,
    completion_window: '24h',
    status: batch.state,
    output_file_id: batch.outputFile ?? null,
    error_file_id: batch.errorFile ?? null,
    created_at: seconds(batch.createdAt),
    in_progress_at: at('in_progress'),
    expires_at: seconds(batch.expiresAt),
    finalizing_at: at('finalizing'),
    completed_at: at('completed'),
    failed_at: at('failed'),
    expired_at: at('expired'),
    cancelling_at: at('cancelling'),
    cancelled_at: at('cancelled'),
    usage: usageOf(tally),
    request_counts: { total: batch.lines, completed: tally.completed, failed: tally.failed },
    metadata: batch.metadata ?? null,
    spillway: { residency: batch.residency, repeated_calls: tally.repeatedCalls },
  };
}

function usageOf({ inputTokens, cachedInputTokens, outputTokens, reasoningTokens }: Tally) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

function errorsOf({ problems }: Batch) {
  if (problems.length === 0) return null;
  const data = problems.map(({ code, message, line, param }) => ({
    code,
    line: line ?? null,
    message,
    param: param ?? null,
  }));
  return { object: 'list', data };
}

function seconds(at: number | undefined): number | null {
  return at === undefined ? null : Math.floor(at / 1000);
}
