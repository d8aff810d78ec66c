import type { ChatRequest } from './chat-request.ts';

/** The same chat and tools, whose calls satisfy their schemas as the model does by itself. */
export function withoutStrictTools(request: ChatRequest): ChatRequest {
  const { tools } = request;
  if (tools === undefined) return request;
  const specifications = tools.specifications.map(({ strict: _, ...specification }) => specification);
  return { ...request, tools: { ...tools, specifications } };
}
