import type { OpenAiChatBody, OpenAiMessage } from './openai-chat-body.ts';

/**
 * Whether a container that speaks this format can be sent the body as it is. Chat templates of open models want one
 * system message, at the head, and roles that alternate; not every engine knows lists of nothing but texts, nor what
 * OpenAI has added since. Such a body is written in the plainest form that means the same.
 */
export function openAiTravelsAsSent({ messages, tools, tool_choice: choice }: OpenAiChatBody): boolean {
  if (tools?.length === 0 || (typeof choice === 'object' && choice?.type === 'allowed_tools')) return false;
  return messages.every((message, index) => isPlain(message) && follows(message, messages[index - 1]));
}

function isPlain(message: OpenAiMessage): boolean {
  if (message.role === 'developer') return false;
  const { content } = message;
  if (content === null || content === undefined || typeof content === 'string') return content !== '';
  return content.some((part) => part.type !== 'text') && content.every((part) => !isMarked(part));
}

function isMarked(part: object): boolean {
  return 'prompt_cache_breakpoint' in part;
}

function follows({ role }: OpenAiMessage, before: OpenAiMessage | undefined): boolean {
  if (role === 'system') return before === undefined;
  return role === 'tool' || before?.role !== role;
}
