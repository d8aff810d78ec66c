/**
 * The model behind every stand-in endpoint: a conversation in, an answer in tokens out.
 *
 * Invariant: the same conversation, model and region give the same answer, and the tokens of its blocks are the
 * tokens that are counted, streamed and billed.
 */
import { composeText, gist } from './compose-text.ts';
import { findSchema } from './find-schema.ts';
import { hashId } from './hash.ts';
import { type Prompt, type Tool, turnText } from './prompt.ts';
import { type Thought, thoughtsOn } from './think.ts';
import { tokenize } from './tokens.ts';
import { valueForSchema } from './value-for-schema.ts';

/** What comes back, in the order in which it is streamed. Joined, the tokens of a block are its text or its JSON. */
export type AnswerBlock =
  | Thought
  | { readonly kind: 'text'; readonly tokens: readonly string[] }
  | {
      readonly kind: 'tool-use';
      readonly id: string;
      readonly name: string;
      readonly tokens: readonly string[];
    };

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence';

export interface Answer {
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: StopReason;
  /** The sequence that ended it, where one did. */
  readonly stopSequence?: string;
  readonly outputTokens: number;
}

export interface AnswerRequest {
  readonly prompt: Prompt;
  /** Name and region that the text gives as its origin. */
  readonly model: string;
  readonly region: string;
  readonly outputTokensMax: number;
  readonly stopSequences: readonly string[];
  /** The model thinks first, in at most so many tokens. */
  readonly thinkingTokensMax?: number | undefined;
}

/** Answers a conversation. Never fails: what cannot be satisfied was refused before. */
export function answerPrompt(request: AnswerRequest): Answer {
  const { thinkingTokensMax, outputTokensMax, prompt } = request;
  const thoughts = thinkingTokensMax === undefined ? [] : thoughtsOn(lastQuestion(prompt), thinkingTokensMax);
  const thinkingTokens = thoughts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const rest = { ...request, outputTokensMax: outputTokensMax - thinkingTokens };
  const tool = calledTool(prompt);
  const answer = tool ? toolAnswer(rest, tool) : textAnswer(rest);
  return {
    ...answer,
    blocks: [...thoughts, ...answer.blocks],
    outputTokens: thinkingTokens + answer.outputTokens,
  };
}

/** Joined tokens of a block. */
export function blockText(block: AnswerBlock): string {
  return block.tokens.join('');
}

/** A forced tool; or, left the choice, one that the question names and that has not answered yet. */
function calledTool(prompt: Prompt): Tool | undefined {
  const { toolChoice, tools } = prompt;
  const last = prompt.turns.at(-1);
  const named = tools.find((tool) => mentions(turnText(last), tool.name));
  if (toolChoice.kind === 'tool') return tools.find((tool) => tool.name === toolChoice.name);
  if (toolChoice.kind === 'any') return named ?? tools[0];
  const answered = last?.parts.some((part) => part.kind === 'tool-result');
  return toolChoice.kind === 'auto' && !answered ? named : undefined;
}

function mentions(text: string, toolName: string): boolean {
  const plain = (value: string) =>
    value
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return ` ${plain(text)} `.includes(` ${plain(toolName)} `);
}

function toolAnswer(request: AnswerRequest, tool: Tool): Answer {
  const question = lastQuestion(request.prompt);
  const json = JSON.stringify(valueForSchema(tool.schema ?? {}, gist(question)));
  const tokens = tokenize(json);
  const kept = tokens.slice(0, request.outputTokensMax);
  const id = hashId(`${request.prompt.turns.length}|${tool.name}|${question}`);
  return {
    blocks: [{ kind: 'tool-use', id, name: tool.name, tokens: kept }],
    stopReason: kept.length < tokens.length ? 'max_tokens' : 'tool_use',
    outputTokens: kept.length,
  };
}

function textAnswer(request: AnswerRequest): Answer {
  const whole = answerText(request);
  const stop = firstStop(whole, request.stopSequences);
  const tokens = tokenize(stop ? whole.slice(0, stop.at) : whole);
  const kept = tokens.slice(0, request.outputTokensMax);
  const answer = { blocks: [{ kind: 'text' as const, tokens: kept }], outputTokens: kept.length };
  if (kept.length < tokens.length) return { ...answer, stopReason: 'max_tokens' };
  if (!stop) return { ...answer, stopReason: 'end_turn' };
  return { ...answer, stopReason: 'stop_sequence', stopSequence: stop.sequence };
}

function answerText(request: AnswerRequest): string {
  const { prompt } = request;
  const schema = prompt.answerSchema ?? findSchema([...prompt.system, lastQuestion(prompt)].join('\n'));
  if (schema !== undefined) return JSON.stringify(valueForSchema(schema, gist(lastQuestion(prompt))));
  return composeText(prompt, request.model, request.region);
}

/** The newest text of the user; a turn of tool results alone refers to the question before it. */
function lastQuestion(prompt: Prompt): string {
  const turn = prompt.turns.findLast(({ role, parts }) => {
    return role === 'user' && parts.some((part) => part.kind === 'text');
  });
  return turnText(turn);
}

function firstStop(
  text: string,
  stopSequences: readonly string[],
): { readonly at: number; readonly sequence: string } | undefined {
  return stopSequences
    .map((sequence) => ({ at: sequence === '' ? -1 : text.indexOf(sequence), sequence }))
    .filter(({ at }) => at >= 0)
    .reduce<{ at: number; sequence: string } | undefined>(
      (first, found) => (first && first.at <= found.at ? first : found),
      undefined,
    );
}
