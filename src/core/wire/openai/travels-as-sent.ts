import type { OpenAiChatBody, OpenAiContentPart, OpenAiMessage } from './openai-chat-body.ts';

/**
 * Whether a container that speaks this format can be sent the body as it is. Chat templates of open models want one
 * system message, at the head, and roles that alternate; not every engine knows lists of nothing but texts, nor what
 * OpenAI has added since. Such a body is written in the plainest form that means the same.
 */
export function openAiTravelsAsSent({ messages, tools, tool_choice: choice }: OpenAiChatBody): boolean {
  if (!chooses(choice, tools ?? undefined)) return false;
  return messages.every((message, index) => isPlain(message) && follows(message, messages[index - 1]));
}

/** A choice among no tools is refused by some, and `none` shows tools to models that may not call them. */
function chooses(choice: OpenAiChatBody['tool_choice'], tools: readonly unknown[] | undefined): boolean {
  if (tools?.length === 0) return false;
  if (choice === null || choice === undefined) return true;
  if (choice === 'none' || tools === undefined) return false;
  return typeof choice === 'string' || choice.type === 'function';
}

function isPlain(message: OpenAiMessage): boolean {
  if (message.role === 'developer' || isRefusal(message)) return false;
  const { content } = message;
  if (content === null || content === undefined || typeof content === 'string') return content !== '';
  return (
    content.some((part) => part.type !== 'text') &&
    content.every((part) => part.type !== 'refusal' && !isMarked(part) && isUsual(part))
  );
}

/** OpenAI's own member, which no engine is known to read. */
function isRefusal(message: OpenAiMessage): boolean {
  return message.role === 'assistant' && typeof message.refusal === 'string';
}

/** Other spellings of a type are refused by some, as a fault of theirs that would count against them. */
const usualImage = /^data:image\/(png|jpeg|gif|webp);base64,/;

function isUsual(part: OpenAiContentPart): boolean {
  return part.type !== 'image_url' || usualImage.test(part.image_url.url);
}

function isMarked(part: object): boolean {
  return 'prompt_cache_breakpoint' in part;
}

function follows({ role }: OpenAiMessage, before: OpenAiMessage | undefined): boolean {
  if (role === 'system') return before === undefined;
  return role === 'tool' || before?.role !== role;
}
