import type { ChatMessage, ContentBlock } from '../../chat/chat-request.ts';
import { withDistinctNames } from '../openai/document-of-file.ts';
import type { AnthropicBody, AnthropicMessage } from './anthropic-body.ts';
import { blocksOfAnthropic, cachePointOf } from './blocks-of-anthropic.ts';
import type { Report } from './report.ts';

/** The turns of a body: neighbours of one role are one message, as Anthropic reads them and targets want them. */
export function messagesOfAnthropic(body: AnthropicBody, report: Report): readonly ChatMessage[] {
  if (body.messages[0]?.role === 'assistant')
    report('messages[0].role', 'must be user: the user speaks first');
  const turns: { readonly role: ChatMessage['role']; readonly content: ContentBlock[] }[] = [];
  const called = new Set<string>();
  for (const [index, message] of body.messages.entries()) {
    const content = contentOf(message);
    const path = `messages[${index}].content`;
    const isLast = index === body.messages.length - 1;
    // An empty last turn of the assistant is what Anthropic takes for none.
    if (content.length === 0 && isLast && message.role === 'assistant') break;
    checkContent(content, path, report);
    checkCalls(message, called, { path, report });
    const before = turns.at(-1);
    // Grown in place: copying what came before would be quadratic in a body of nothing but neighbours.
    if (before?.role === message.role) for (const block of content) before.content.push(block);
    else turns.push({ role: message.role, content: [...content] });
  }
  const last = turns.at(-1)?.content;
  const ended = last?.at(-1);
  if (last !== undefined && ended !== undefined && !('cachePoint' in ended)) {
    last.push(...cachePointOf(body.cache_control));
  }
  return withDistinctNames(turns);
}

function contentOf({ content }: AnthropicMessage): readonly ContentBlock[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return content.flatMap(blocksOfAnthropic);
}

function checkContent(content: readonly ContentBlock[], path: string, report: Report): void {
  if (content.length === 0) report(path, 'must not be empty');
  if (content.some((block) => 'document' in block) && !content.some((block) => 'text' in block))
    report(path, 'must have a text beside a document: targets read none without');
}

function checkCalls(
  { content }: AnthropicMessage,
  called: Set<string>,
  { path, report }: { readonly path: string; readonly report: Report },
): void {
  if (typeof content === 'string') return;
  for (const [index, block] of content.entries()) {
    if (block.type === 'tool_use') called.add(block.id);
    if (block.type === 'tool_result' && !called.has(block.tool_use_id)) {
      const message = `answers the call "${block.tool_use_id}", which no message before makes`;
      report(`${path}[${index}].tool_use_id`, message);
    }
  }
}
