/**
 * How an answer ended, in every format's words. The one table: each direction of each format is read from it, and
 * docs/dialects.md shows it.
 */
import type { StopReason } from '../chat/model-event.ts';

export type OpenAiFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export type AnthropicStopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'refusal'
  | 'model_context_window_exceeded';

export type IncompleteReason = 'max_output_tokens' | 'content_filter';

type TgiFinishReason = 'eos_token' | 'length' | 'stop_sequence';

interface StopWords {
  /** The canonical word, which is Bedrock's. */
  readonly reason: StopReason;
  /** Null where the format has no word for it: such an answer has failed, and its end is never told as one. */
  readonly openai: OpenAiFinishReason | null;
  readonly anthropic: AnthropicStopReason | null;
  /** The status of a response; what else it is says why it is no whole answer. */
  readonly responses: 'completed' | IncompleteReason | null;
  /** Null where the engine has none of it. */
  readonly tgi: TgiFinishReason | null;
}

/** Of several rows with one word the first is what that word is read as. */
export const stopReasons: readonly StopWords[] = [
  row('end_turn', ['stop', 'end_turn', 'completed', 'eos_token']),
  row('stop_sequence', ['stop', 'stop_sequence', 'completed', 'stop_sequence']),
  row('max_tokens', ['length', 'max_tokens', 'max_output_tokens', 'length']),
  row('model_context_window_exceeded', [
    'length',
    'model_context_window_exceeded',
    'max_output_tokens',
    null,
  ]),
  row('tool_use', ['tool_calls', 'tool_use', 'completed', null]),
  row('content_filtered', ['content_filter', 'refusal', 'content_filter', null]),
  row('guardrail_intervened', ['content_filter', 'refusal', 'content_filter', null]),
  row('malformed_model_output', [null, null, null, null]),
  row('malformed_tool_use', [null, null, null, null]),
];

function row(
  reason: StopReason,
  [openai, anthropic, responses, tgi]: readonly [
    StopWords['openai'],
    StopWords['anthropic'],
    StopWords['responses'],
    StopWords['tgi'],
  ],
): StopWords {
  return { reason, openai, anthropic, responses, tgi };
}

const byReason: ReadonlyMap<string, StopWords> = new Map(stopReasons.map((words) => [words.reason, words]));

/** Null where the format has no word: what the model itself spoiled has no end to tell. */
export function finishReasonOf(reason: StopReason): OpenAiFinishReason | null {
  return byReason.get(reason)?.openai ?? null;
}

/** Undefined for a word that OpenAI's format does not have. */
export function stopReasonOfFinish(finishReason: string): StopReason | undefined {
  const word = finishReason === 'function_call' ? 'tool_calls' : finishReason;
  return stopReasons.find(({ openai }) => openai === word)?.reason;
}

export function anthropicStopReasonOf(reason: StopReason): AnthropicStopReason | null {
  return byReason.get(reason)?.anthropic ?? null;
}

/** Whether a response is whole, or why it is not. Null where the format has no word. */
export function responseEndOf(reason: StopReason): 'completed' | IncompleteReason | null {
  return byReason.get(reason)?.responses ?? null;
}

/** Undefined for a word that TGI does not have. */
export function stopReasonOfTgi(finishReason: string): StopReason | undefined {
  return stopReasons.find(({ tgi }) => tgi === finishReason)?.reason;
}

/** Undefined for a word that AWS added later. A refusal is a safety stop. */
export function stopReasonOfBedrock(word: string): StopReason | undefined {
  return byReason.get(word === 'refusal' ? 'content_filtered' : word)?.reason;
}

/** Whether the model itself spoiled its answer: only Bedrock's own formats have a word for that end. */
export function isMalformed(reason: StopReason): boolean {
  return byReason.get(reason)?.openai === null;
}
