import {
  type AnsweredToolCall,
  type ChatAnswer,
  reasoningOf,
  textOf,
  toolCallsOf,
} from '../../chat/fold-events.ts';
import { finishReasonOf } from '../stop-reasons.ts';
import { openAiUsage } from './usage.ts';

/** What of an answer is not the target's: who asked, for what, when. */
export interface CompletionIdentity {
  readonly id: string;
  /** The logical model. */
  readonly model: string;
  /** Whole seconds since the epoch. */
  readonly createdSeconds: number;
}

/** A whole answer as OpenAI's `chat.completion`. */
export function chatCompletion(identity: CompletionIdentity, answer: ChatAnswer) {
  const { stopReason, usage, own } = answer;
  const text = textOf(answer);
  const reasoning = reasoningOf(answer);
  const toolCalls = toolCallsOf(answer);
  const message = {
    role: 'assistant' as const,
    content: text === '' && toolCalls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(openAiToolCall) }),
  };
  const finish = stopReason === undefined ? null : finishReasonOf(stopReason);
  return {
    ...own?.answer,
    id: identity.id,
    object: 'chat.completion' as const,
    created: identity.createdSeconds,
    model: identity.model,
    choices: [{ ...own?.choice, index: 0, message, logprobs: null, finish_reason: finish }],
    ...(usage === undefined ? {} : { usage: openAiUsage(usage) }),
  };
}

function openAiToolCall(call: AnsweredToolCall) {
  return {
    id: call.toolUseId,
    type: 'function' as const,
    function: { name: call.name, arguments: call.inputJson === '' ? '{}' : call.inputJson },
  };
}
