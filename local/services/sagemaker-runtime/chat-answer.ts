import { type Answer, type AnswerBlock, blockText, type StopReason } from '../../world/answers/answer.ts';
import type { Chunk } from '../../world/answers/serving.ts';

/** What a chat answer says of itself beside its text. */
export interface ChatFacts {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly inputTokens: number;
  readonly includeUsage: boolean;
}

const FINISH_REASONS: Readonly<Record<StopReason, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
};

/** The answer as one JSON object of the chat-completions API. */
export function chatCompletion(answer: Answer, facts: ChatFacts): Record<string, unknown> {
  const texts = answer.blocks.filter((block) => block.kind === 'text').map(blockText);
  const calls = answer.blocks.filter((block) => block.kind === 'tool-use').map(toolCall);
  const message = {
    role: 'assistant',
    content: texts.length > 0 ? texts.join('') : null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: FINISH_REASONS[answer.stopReason] };
  return { ...head(facts, 'chat.completion'), choices: [choice], usage: usage(answer, facts) };
}

/** The answer as server-sent events, token by token, ended by `[DONE]`. */
export async function* chatEvents(
  chunks: AsyncIterable<Chunk>,
  answer: Answer,
  facts: ChatFacts,
): AsyncGenerator<string, void, undefined> {
  yield event(facts, { role: 'assistant', content: '' });
  let open = -1;
  for await (const { blockIndex, text } of chunks) {
    const block = answer.blocks[blockIndex];
    if (block?.kind !== 'tool-use') yield event(facts, { content: text });
    else {
      if (open !== blockIndex)
        yield event(facts, { tool_calls: [{ index: 0, ...toolCall(block), ...called(block, '') }] });
      yield event(facts, { tool_calls: [{ index: 0, function: { arguments: text } }] });
    }
    open = blockIndex;
  }
  yield event(facts, {}, FINISH_REASONS[answer.stopReason]);
  if (facts.includeUsage) {
    yield line({ ...head(facts, 'chat.completion.chunk'), choices: [], usage: usage(answer, facts) });
  }
  yield 'data: [DONE]\n\n';
}

function head({ id, model, created }: ChatFacts, object: string) {
  return { id, object, created, model };
}

function usage({ outputTokens }: Answer, { inputTokens }: ChatFacts) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

type ToolBlock = Extract<AnswerBlock, { kind: 'tool-use' }>;

function toolCall(block: ToolBlock) {
  return { id: `call_${block.id}`, type: 'function', ...called(block, blockText(block)) };
}

function called(block: ToolBlock, json: string) {
  return { function: { name: block.name, arguments: json } };
}

function event(facts: ChatFacts, delta: Record<string, unknown>, finishReason: string | null = null): string {
  const choice = { index: 0, delta, logprobs: null, finish_reason: finishReason };
  return line({ ...head(facts, 'chat.completion.chunk'), choices: [choice] });
}

function line(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
