import type { ChatRequest } from '../../chat/chat-request.ts';

export interface ModelOptions {
  readonly serviceTier: 'auto' | 'default' | 'flex' | 'priority' | null | undefined;
  readonly effort: string | null | undefined;
  /** The caller wants one tool call at most in an answer. */
  readonly singleToolCall: boolean;
}

/** What only some targets can honour: the decide stage keeps the request from all others. */
export function modelOptionsOf(options: ModelOptions): Pick<ChatRequest, 'bedrock' | 'anthropic'> {
  const { serviceTier: tier, effort, singleToolCall } = options;
  const bedrock = {
    ...(tier === 'flex' || tier === 'priority' ? { serviceTier: tier } : {}),
    ...(effort == null ? {} : { effort }),
  };
  return {
    ...(Object.keys(bedrock).length === 0 ? {} : { bedrock }),
    ...(singleToolCall ? { anthropic: { singleToolCall } } : {}),
  };
}
