import type { AnswerBlock, ChatAnswer } from '../../chat/fold-events.ts';
import type { Usage } from '../../chat/model-event.ts';
import { type OutputItem, outputItem, outputItemId } from './output-item.ts';
import { responseStatus } from './response-status.ts';
import { responseUsage } from './response-usage.ts';
import type { ResponsesBody } from './responses-body.ts';

/** What of a response is not the target's: who asked, for what, when. */
export interface ResponseIdentity {
  readonly requestId: string;
  /** The logical model. */
  readonly model: string;
  /** Whole seconds since the epoch. */
  readonly createdSeconds: number;
}

/** What a response repeats of its request. */
export type ResponseEcho = Readonly<Record<string, unknown>>;

/** `store` is false whatever was asked: nothing is kept. Null stands for what the target chose by itself. */
export function responseEcho(body: ResponsesBody): ResponseEcho {
  return {
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    temperature: body.temperature ?? null,
    top_p: body.top_p ?? null,
    tools: body.tools ?? [],
    tool_choice: body.tool_choice ?? 'auto',
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    text: { format: body.text?.format ?? { type: 'text' } },
    reasoning: { effort: body.reasoning?.effort ?? null, summary: body.reasoning?.summary ?? null },
    user: body.user ?? null,
    safety_identifier: body.safety_identifier ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    metadata: body.metadata ?? {},
    truncation: 'disabled',
    store: false,
    background: false,
    previous_response_id: null,
  };
}

export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly incomplete_details: { readonly reason: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly output: readonly OutputItem[];
  readonly usage: ReturnType<typeof responseUsage> | null;
}

export function responseObject(identity: ResponseIdentity, echo: ResponseEcho, state: ResponseState) {
  return {
    id: `resp_${identity.requestId}`,
    object: 'response' as const,
    created_at: identity.createdSeconds,
    model: identity.model,
    ...state,
    ...echo,
  };
}

/** A whole answer as OpenAI's `response`. */
export function wholeResponse(identity: ResponseIdentity, echo: ResponseEcho, answer: ChatAnswer) {
  return responseObject(identity, echo, endedState(identity, answer));
}

/** How an answer ended that is whole: only the last item of one that was cut short is not whole itself. */
export function endedState({ requestId }: ResponseIdentity, answer: ChatAnswer): ResponseState {
  const { blocks, stopReason, usage } = answer;
  const ended = responseStatus(stopReason);
  const output = blocks.map((block, position) => {
    const status = position === blocks.length - 1 ? ended.status : 'completed';
    return outputItem(block, outputItemId(requestId, block.kind, position), status);
  });
  return { ...ended, error: null, output, usage: usageOf(blocks, usage) };
}

export function usageOf(blocks: readonly AnswerBlock[], usage: Usage | undefined) {
  const thought = blocks.some(({ kind }) => kind === 'reasoning' || kind === 'reasoning-redacted');
  return usage === undefined ? null : responseUsage(usage, thought);
}
