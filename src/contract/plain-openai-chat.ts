import type * as z from 'zod';
import type { openAiChatSchema } from './openai-chat.ts';

/**
 * The chat that most bodies are: messages of nothing but text, and bounds. Such a body is what `openAiChatSchema` makes of
 * it, and is told in a tenth of the time; undefined where the schema has to judge. A property test holds the two together:
 * this accepts nothing that the schema refuses or changes.
 */
export function plainOpenAiChat(body: unknown): z.infer<typeof openAiChatSchema> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const members = body as Readonly<Record<string, unknown>>;
  for (const name in members) if (!isPlainMember(name, members[name])) return undefined;
  if (members.model === undefined || members.messages === undefined) return undefined;
  return members as z.infer<typeof openAiChatSchema>;
}

const MODEL_CHARACTERS_MAX = 256;
const TOKENS_MAX = 100_000_000;
const TEMPERATURE_MAX = 2;

function isPlainMember(name: string, value: unknown): boolean {
  switch (name) {
    case 'model':
      return typeof value === 'string' && value.length > 0 && value.length <= MODEL_CHARACTERS_MAX;
    case 'messages':
      return Array.isArray(value) && arePlainMessages(value);
    case 'stream':
      return typeof value === 'boolean';
    case 'max_tokens':
    case 'max_completion_tokens':
      return Number.isInteger(value) && isWithin(value, 1, TOKENS_MAX);
    case 'temperature':
      return isWithin(value, 0, TEMPERATURE_MAX);
    case 'top_p':
      return isWithin(value, 0, 1);
    default:
      return false;
  }
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function arePlainMessages(messages: readonly unknown[]): boolean {
  // By index: a list may have holes, which no other way would meet.
  for (let index = 0; index < messages.length; index += 1) if (!isPlainMessage(messages[index])) return false;
  return messages.length > 0;
}

function isPlainMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const members = message as Readonly<Record<string, unknown>>;
  for (const name in members) if (name !== 'role' && name !== 'content') return false;
  return typeof members.content === 'string' && isPlainRole(members.role);
}

function isPlainRole(role: unknown): boolean {
  return role === 'user' || role === 'system' || role === 'assistant' || role === 'developer';
}
