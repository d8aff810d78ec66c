/**
 * core/wire/anthropic: Anthropic's Messages format, out of and into the canonical chat.
 *
 * Invariant: pure translation. A stop reason is only ever said when the target said that it stopped; what cannot be
 * translated is refused on the way in. The folder owns no state: a stream's state is the caller's value.
 */
import type { StopReason } from '../../chat/model-event.ts';
import { type AnthropicStopReason, anthropicStopReasonOf } from '../stop-reasons.ts';

/** How an answer ended, in Anthropic's words. */
export interface AnthropicStop {
  readonly stop_reason: AnthropicStopReason | null;
  readonly stop_sequence: string | null;
  /** Why an answer was refused, in the provider's own categories: no target tells it. */
  readonly stop_details: null;
}

/** What a target said of its stop. */
export interface ToldStop {
  readonly stopReason: StopReason | undefined;
  readonly additionalModelResponseFields?: unknown;
}

export const noStopYet: AnthropicStop = { stop_reason: null, stop_sequence: null, stop_details: null };

/** The sequence is the one that the target named; with a single one asked for there is only that. Else null. */
export function anthropicStop(told: ToldStop, stopSequences: readonly string[]): AnthropicStop {
  const { stopReason } = told;
  if (stopReason === undefined) return noStopYet;
  const sequence = stopReason === 'stop_sequence' ? (namedSequence(told) ?? onlyOf(stopSequences)) : null;
  return { stop_reason: anthropicStopReasonOf(stopReason), stop_sequence: sequence, stop_details: null };
}

function namedSequence({ additionalModelResponseFields: fields }: ToldStop): string | undefined {
  if (typeof fields !== 'object' || fields === null || !('stop_sequence' in fields)) return undefined;
  return typeof fields.stop_sequence === 'string' ? fields.stop_sequence : undefined;
}

function onlyOf(stopSequences: readonly string[]): string | null {
  return stopSequences.length === 1 ? (stopSequences[0] ?? null) : null;
}
