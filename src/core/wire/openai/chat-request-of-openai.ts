import type { ChatMessage, ChatRequest, ContentBlock, TextBlock } from '../../chat/chat-request.ts';
import { jsonLimitViolation } from '../json-limits.ts';
import { imageOfDataUrl } from './image-of-data-url.ts';
import type {
  OpenAiChatBody,
  OpenAiContentPart,
  OpenAiMessage,
  OpenAiText,
  OpenAiToolCall,
} from './openai-chat-body.ts';

/** A member of the body that cannot be translated, and what would be right. */
interface BodyViolation {
  /** As one would write it in code: `messages[2].content[0].image_url.url`. */
  readonly path: string;
  readonly message: string;
}

export type TranslatedChat =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly BodyViolation[] };

/** The canonical request of a checked body. What the shape alone cannot say is judged here, all violations at once. */
export function chatRequestOfOpenAi(body: OpenAiChatBody): TranslatedChat {
  const violations: BodyViolation[] = [];
  const report = (path: string, message: string): void => {
    violations.push({ path, message });
  };
  const turns = body.messages.flatMap((message, index) => turnOf(message, `messages[${index}]`, report));
  const messages = merged(turns);
  checkConversation(messages, report);
  const tools = toolsOf(body, report);
  const request: ChatRequest = {
    model: body.model,
    system: systemOf(body.messages),
    messages,
    inference: inferenceOf(body, report),
    ...(tools === undefined ? {} : { tools }),
    ...responseFormatOf(body, report),
  };
  return violations.length === 0 ? { ok: true, request } : { ok: false, violations };
}

type Report = (path: string, message: string) => void;

function systemOf(messages: readonly OpenAiMessage[]): readonly TextBlock[] {
  return messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? textBlocks(message.content) : [],
  );
}

/** Empty texts are left out: targets refuse them, and they say nothing. */
function textBlocks(content: OpenAiText | null | undefined): readonly TextBlock[] {
  const texts = typeof content === 'string' ? [content] : (content ?? []).map((part) => part.text);
  return texts.filter((text) => text !== '').map((text) => ({ text }));
}

function turnOf(message: OpenAiMessage, path: string, report: Report): readonly ChatMessage[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user': {
      const { content } = message;
      const blocks =
        typeof content === 'string'
          ? textBlocks(content)
          : content.flatMap((part, index) => partBlocks(part, `${path}.content[${index}]`, report));
      if (blocks.length === 0) report(`${path}.content`, 'must not be empty');
      return [{ role: 'user', content: blocks }];
    }
    case 'assistant': {
      const calls = (message.tool_calls ?? []).map((call, index) =>
        toolUseOf(call, `${path}.tool_calls[${index}]`, report),
      );
      const content = [...textBlocks(message.content), ...calls];
      if (content.length === 0) report(path, 'must have content or tool_calls');
      return [{ role: 'assistant', content }];
    }
    case 'tool': {
      const content = textBlocks(message.content);
      return [{ role: 'user', content: [{ toolResult: { toolUseId: message.tool_call_id, content } }] }];
    }
  }
}

function partBlocks(part: OpenAiContentPart, path: string, report: Report): readonly ContentBlock[] {
  if (part.type === 'text') return part.text === '' ? [] : [{ text: part.text }];
  const image = imageOfDataUrl(part.image_url.url);
  if (typeof image !== 'string') return [image];
  report(`${path}.image_url.url`, image);
  return [];
}

function toolUseOf(call: OpenAiToolCall, path: string, report: Report): ContentBlock {
  const tooMuch = jsonLimitViolation(call.function.arguments);
  const input = tooMuch === undefined ? jsonObject(call.function.arguments) : undefined;
  if (input === undefined)
    report(`${path}.function.arguments`, tooMuch ?? 'must be the JSON text of an object');
  return { toolUse: { toolUseId: call.id, name: call.function.name, input: input ?? {} } };
}

/** An empty text stands for a call without arguments, as OpenAI's own models write it. */
function jsonObject(text: string): object | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
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

function checkConversation(messages: readonly ChatMessage[], report: Report): void {
  if (messages.length === 0) {
    report('messages', 'must hold at least one user message');
    return;
  }
  if (messages[0]?.role !== 'user')
    report('messages', 'must begin with a user message, after any system messages');
  const called = new Set<string>();
  for (const block of messages.flatMap((message) => message.content)) {
    if ('toolUse' in block) called.add(block.toolUse.toolUseId);
    if ('toolResult' in block && !called.has(block.toolResult.toolUseId)) {
      report(
        'messages',
        `a tool message answers the call "${block.toolResult.toolUseId}", which no assistant message before it makes`,
      );
    }
  }
}

function inferenceOf(body: OpenAiChatBody, report: Report): ChatRequest['inference'] {
  const { max_tokens: old, max_completion_tokens: current, temperature, top_p: topP, stop } = body;
  if (old != null && current != null && old !== current) {
    report('max_tokens', 'must equal max_completion_tokens where both are given');
  }
  const maxTokens = current ?? old;
  const stops = typeof stop === 'string' ? [stop] : stop;
  return {
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
    ...(stops == null || stops.length === 0 ? {} : { stopSequences: stops }),
  };
}

const anyObject = { type: 'object', properties: {} };

/** With `none` the tools are left out, unless the conversation already used them: targets then demand them. */
function toolsOf(body: OpenAiChatBody, report: Report): ChatRequest['tools'] {
  const tools = body.tools ?? [];
  const choice = body.tool_choice ?? 'auto';
  if (tools.length === 0) {
    if (typeof choice === 'object' || choice === 'required') report('tool_choice', 'needs tools');
    return undefined;
  }
  const names = tools.map((tool) => tool.function.name);
  if (new Set(names).size !== names.length) report('tools', 'must have names that differ');
  const specifications = tools.map(({ function: { name, description, parameters } }) => ({
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    inputSchema: parameters ?? anyObject,
  }));
  if (typeof choice === 'object') {
    const { name } = choice.function;
    if (!names.includes(name))
      report('tool_choice.function.name', `"${name}" is none of tools: ${names.join(', ')}`);
    return { specifications, choice: { kind: 'tool', name } };
  }
  if (choice === 'required') return { specifications, choice: { kind: 'any' } };
  const used = body.messages.some((message) => message.role === 'tool');
  return choice === 'none' && !used ? undefined : { specifications, choice: { kind: 'auto' } };
}

function responseFormatOf(body: OpenAiChatBody, report: Report): Pick<ChatRequest, 'responseFormat'> {
  const format = body.response_format;
  if (format === undefined || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { kind: 'json' } };
  const { name, schema } = format.json_schema;
  if (!isObjectSchema(schema)) {
    report('response_format.json_schema.schema', 'must be a JSON schema with "type": "object" at its root');
  }
  return { responseFormat: { kind: 'json-schema', name, schema } };
}

function isObjectSchema(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
}
