import type { ChatMessage, ContentBlock } from '../../chat/chat-request.ts';
import { isJsonObject, parseExactJson } from '../../units/exact-json.ts';
import { jsonLimitViolation } from '../json-limits.ts';
import { withDistinctNames } from './document-of-file.ts';

/** A member of the body that cannot be translated, and what would be right. */
export interface WireViolation {
  /** As one would write it in code: `messages[2].content[0].image_url.url`. */
  readonly path: string;
  readonly message: string;
}

export type Report = (path: string, message: string) => void;

/**
 * Turns as targets want them: roles alternate, the user speaks first, results answer calls, documents have names of
 * their own. `path` is the member of the body that holds the turns.
 */
export function conversationOf(
  turns: readonly ChatMessage[],
  path: string,
  report: Report,
): readonly ChatMessage[] {
  const messages = withDistinctNames(merged(turns));
  checkConversation(messages, path, report);
  return messages;
}

/** A call that the model made, given back. Its arguments are JSON text there. */
export function toolUseOf(
  call: { readonly id: string; readonly name: string; readonly argumentsJson: string },
  path: string,
  report: Report,
): ContentBlock {
  const { id, name, argumentsJson } = call;
  const tooMuch = jsonLimitViolation(argumentsJson);
  const input = tooMuch === undefined ? jsonObject(argumentsJson) : undefined;
  if (input === undefined) report(path, tooMuch ?? 'must be the JSON text of an object');
  return { toolUse: { toolUseId: id, name, input: input ?? {} } };
}

/** An empty text stands for a call without arguments, as OpenAI's own models write it. */
function jsonObject(text: string): object | undefined {
  if (text.trim() === '') return {};
  try {
    const value = parseExactJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Neighbours of one role become one message: targets want roles to alternate. */
function merged(turns: readonly ChatMessage[]): readonly ChatMessage[] {
  const messages: { readonly role: ChatMessage['role']; readonly content: ContentBlock[] }[] = [];
  for (const { role, content } of turns) {
    const last = messages.at(-1);
    // Grown in place: a body may hold a hundred thousand neighbours, and copying what came before would be quadratic.
    if (last?.role === role) for (const block of content) last.content.push(block);
    else messages.push({ role, content: [...content] });
  }
  return messages;
}

function checkConversation(messages: readonly ChatMessage[], path: string, report: Report): void {
  if (messages.length === 0) {
    report(path, 'must hold at least one user message');
    return;
  }
  if (messages[0]?.role !== 'user') report(path, 'must begin with a user message, after any system messages');
  for (const { content } of messages) {
    if (content.some((block) => 'document' in block) && !content.some((block) => 'text' in block)) {
      report(path, 'must have a text beside a file: a model reads no file without a word about it');
    }
  }
  const called = new Set<string>();
  for (const block of messages.flatMap((message) => message.content)) {
    if ('toolUse' in block) called.add(block.toolUse.toolUseId);
    if ('toolResult' in block && !called.has(block.toolResult.toolUseId)) {
      report(
        path,
        `answers the call "${block.toolResult.toolUseId}", which no assistant message before makes`,
      );
    }
  }
}
