import type { Part, Prompt, Turn } from '../../world/answers/prompt.ts';
import { isRecord } from '../../world/body-check.ts';
import { misfit } from './container-error.ts';

/** The system texts and the turns in `messages` of a chat-completions request. */
export function conversation(messages: unknown): Pick<Prompt, 'system' | 'turns'> {
  if (!Array.isArray(messages) || messages.length === 0) throw misfit('messages', 'a list that is not empty');
  const system: string[] = [];
  const turns: Turn[] = [];
  messages.forEach((message: unknown, index) => {
    const at = `messages[${index}]`;
    if (!isRecord(message)) throw misfit(at, 'an object');
    const { role, content } = message;
    if (role === 'system' || role === 'developer') system.push(texts(content, `${at}.content`).join('\n'));
    else if (role === 'user') turns.push({ role, parts: contentParts(content, `${at}.content`) });
    else if (role === 'assistant') turns.push({ role, parts: assistantParts(message, at) });
    else if (role === 'tool') turns.push({ role: 'user', parts: [toolResult(message, at)] });
    else throw misfit(`${at}.role`, 'one of system, developer, user, assistant, tool');
  });
  return { system, turns };
}

function contentParts(content: unknown, at: string): readonly Part[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) throw misfit(at, 'a string or a list of parts');
  return content.map((part: unknown, index): Part => {
    if (isRecord(part) && part.type === 'text' && typeof part.text === 'string') {
      return { kind: 'text', text: part.text };
    }
    if (isRecord(part) && part.type === 'image_url' && isRecord(part.image_url)) {
      return { kind: 'media', media: 'image', bytes: String(part.image_url.url).length };
    }
    throw misfit(`${at}[${index}]`, 'a text or an image_url part');
  });
}

function texts(content: unknown, at: string): readonly string[] {
  return contentParts(content, at).flatMap((part) => (part.kind === 'text' ? [part.text] : []));
}

function assistantParts(message: Readonly<Record<string, unknown>>, at: string): readonly Part[] {
  const { content, tool_calls: calls } = message;
  const said = content === undefined || content === null ? [] : contentParts(content, `${at}.content`);
  if (calls === undefined || calls === null) return said;
  if (!Array.isArray(calls)) throw misfit(`${at}.tool_calls`, 'a list');
  const used = calls.map((call: unknown, index): Part => {
    const called = isRecord(call) ? call.function : undefined;
    if (!isRecord(call) || !isRecord(called) || typeof called.name !== 'string') {
      throw misfit(`${at}.tool_calls[${index}]`, 'a function call with an id, a name and arguments');
    }
    return {
      kind: 'tool-use',
      id: String(call.id),
      name: called.name,
      input: parseArguments(called.arguments),
    };
  });
  return [...said, ...used];
}

function parseArguments(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}

function toolResult(message: Readonly<Record<string, unknown>>, at: string): Part {
  if (typeof message.tool_call_id !== 'string') throw misfit(`${at}.tool_call_id`, 'a string');
  return {
    kind: 'tool-result',
    id: message.tool_call_id,
    text: texts(message.content, `${at}.content`).join('\n'),
  };
}
