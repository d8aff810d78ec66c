import type { ChatRequest } from '../../chat/chat-request.ts';
import { type OpenAiTier, tierOfOpenAi } from '../service-tiers.ts';

export interface ModelOptions {
  readonly serviceTier: OpenAiTier | null | undefined;
  readonly effort: string | null | undefined;
  /** The caller wants one tool call at most in an answer. */
  readonly singleToolCall: boolean;
}

/** What only some targets can honour: the decide stage keeps the request from all others. */
export function modelOptionsOf(options: ModelOptions): Pick<ChatRequest, 'bedrock' | 'anthropic'> {
  const { effort, singleToolCall } = options;
  const serviceTier = tierOfOpenAi(options.serviceTier);
  const bedrock = {
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(effort == null ? {} : { effort }),
  };
  return {
    ...(Object.keys(bedrock).length === 0 ? {} : { bedrock }),
    ...(singleToolCall ? { anthropic: { singleToolCall } } : {}),
  };
}
