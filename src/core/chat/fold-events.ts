/** A whole answer out of a stream's events: a pure step, so that plain and streamed answers come from one source. */
import type { ModelEvent, StopReason, Usage } from './model-event.ts';

interface AnsweredToolCall {
  readonly index: number;
  readonly toolUseId: string;
  readonly name: string;
  /** JSON text as the model wrote it; empty for a call without input. */
  readonly inputJson: string;
}

export interface ChatAnswer {
  readonly text: string;
  readonly reasoning: string;
  /** In the order in which they began. */
  readonly toolCalls: readonly AnsweredToolCall[];
  /** Undefined until the target said that its message ended. */
  readonly stopReason: StopReason | undefined;
  /** Undefined when the target reported none. */
  readonly usage: Usage | undefined;
}

export const emptyAnswer: ChatAnswer = {
  text: '',
  reasoning: '',
  toolCalls: [],
  stopReason: undefined,
  usage: undefined,
};

export function foldEvent(answer: ChatAnswer, event: ModelEvent): ChatAnswer {
  switch (event.type) {
    case 'text-delta':
      return { ...answer, text: answer.text + event.text };
    case 'reasoning-delta':
      return { ...answer, reasoning: answer.reasoning + event.text };
    case 'tool-use-start': {
      const { index, toolUseId, name } = event;
      return { ...answer, toolCalls: [...answer.toolCalls, { index, toolUseId, name, inputJson: '' }] };
    }
    case 'tool-use-delta':
      return { ...answer, toolCalls: answer.toolCalls.map((call) => extended(call, event)) };
    case 'message-stop':
      return { ...answer, stopReason: event.stopReason };
    case 'usage':
      return { ...answer, usage: event.usage };
    default:
      return answer;
  }
}

function extended(call: AnsweredToolCall, event: ModelEvent & { type: 'tool-use-delta' }): AnsweredToolCall {
  return call.index === event.index ? { ...call, inputJson: call.inputJson + event.inputJson } : call;
}
