/**
 * core/wire/openai: OpenAI's chat format, out of and into the canonical chat.
 *
 * Invariant: pure translation. A finish reason is only ever said when the target said that it stopped; what cannot be
 * translated is refused on the way in. The folder owns no state: a stream's state is the caller's value.
 */
import type { StopReason } from '../../chat/model-event.ts';

export type OpenAiFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** One table, used both ways. The first row of a finish reason is what it is read as. */
const table: readonly (readonly [StopReason, OpenAiFinishReason])[] = [
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['malformed_model_output', 'stop'],
  ['malformed_tool_use', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['content_filtered', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
];

const toFinish: ReadonlyMap<StopReason, OpenAiFinishReason> = new Map(table);

export function finishReasonOf(stopReason: StopReason): OpenAiFinishReason {
  return toFinish.get(stopReason) ?? 'stop';
}

/** Undefined for a word that OpenAI's format does not have. `function_call` is its old spelling of `tool_calls`. */
export function stopReasonOfFinish(finishReason: string): StopReason | undefined {
  const word = finishReason === 'function_call' ? 'tool_calls' : finishReason;
  return table.find(([, finish]) => finish === word)?.[0];
}
