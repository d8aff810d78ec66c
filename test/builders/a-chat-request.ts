import type { ChatRequest } from '#core/chat/chat-request.ts';

/** One short user message for chat-small. */
export function aChatRequest(changes: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'chat-small',
    system: [],
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
    inference: {},
    ...changes,
  };
}
