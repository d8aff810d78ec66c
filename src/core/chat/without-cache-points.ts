import type { ChatRequest } from './chat-request.ts';

/** The same chat without its cache points: the same answer, read at the full price. */
export function withoutCachePoints(request: ChatRequest): ChatRequest {
  const { system, messages, tools } = request;
  return {
    ...request,
    system: system.filter((block) => !('cachePoint' in block)),
    messages: messages.map((message) => ({
      ...message,
      content: message.content.filter((block) => !('cachePoint' in block)),
    })),
    ...(tools === undefined
      ? {}
      : {
          tools: {
            ...tools,
            specifications: tools.specifications.map(({ cachePoint: _, ...specification }) => specification),
          },
        }),
  };
}
