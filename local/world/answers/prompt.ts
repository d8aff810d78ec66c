import { countTokens } from './tokens.ts';

/** One piece of a turn. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** An image, a document, a sound or a film: never read, only counted. */
  | { readonly kind: 'media'; readonly media: string; readonly bytes: number }
  | { readonly kind: 'tool-use'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly kind: 'tool-result'; readonly id: string; readonly text: string };

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON schema. */
  readonly schema: unknown;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'tool'; readonly name: string };

/** A conversation as the answers see it, whatever wire format it came in. */
export interface Prompt {
  readonly system: readonly string[];
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** The text of the answer must be JSON that satisfies this schema. */
  readonly answerSchema?: unknown;
}

/** A picture of a page costs about this much in a chat model; documents and films are counted by their size. */
const IMAGE_TOKENS = 1_024;
const MEDIA_BYTES_PER_TOKEN = 64;

/**
 * Input tokens of a conversation: the sum over its texts, tool definitions and media, nothing added for roles or
 * turns. So the count of a text is the same wherever it stands, and a client can check our numbers by addition.
 */
export function countPromptTokens(prompt: Omit<Prompt, 'toolChoice' | 'answerSchema'>): number {
  const system = sum(prompt.system, countTokens);
  const turns = sum(prompt.turns, (turn) => sum(turn.parts, countPart));
  const tools = sum(prompt.tools, countTool);
  return system + turns + tools;
}

/** The texts of a turn, joined. */
export function turnText(turn: Turn | undefined): string {
  const texts = turn?.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])) ?? [];
  return texts.join('\n');
}

function countPart(part: Part): number {
  if (part.kind === 'text' || part.kind === 'tool-result') return countTokens(part.text);
  if (part.kind === 'tool-use') return countTokens(part.name) + countTokens(JSON.stringify(part.input ?? {}));
  if (part.media === 'image') return IMAGE_TOKENS;
  return Math.max(1, Math.ceil(part.bytes / MEDIA_BYTES_PER_TOKEN));
}

function countTool(tool: Tool): number {
  return (
    countTokens(tool.name) + countTokens(tool.description) + countTokens(JSON.stringify(tool.schema ?? {}))
  );
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
