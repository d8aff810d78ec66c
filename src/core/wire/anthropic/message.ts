import type { AnswerBlock, ChatAnswer } from '../../chat/fold-events.ts';
import { isJsonObject, parseExactJson } from '../../units/exact-json.ts';
import { anthropicCitation } from './citations.ts';
import { anthropicStop } from './stop-reason.ts';
import { anthropicUsage } from './usage.ts';

/** What of an answer is not the target's. */
export interface MessageIdentity {
  readonly id: string;
  /** The logical model. */
  readonly model: string;
  /** What the caller asked to stop at: the one that did is named where it is known. */
  readonly stopSequences: readonly string[];
}

/** A whole answer as Anthropic's `message`. */
export function anthropicMessage({ id, model, stopSequences }: MessageIdentity, answer: ChatAnswer) {
  return {
    ...messageHead({ id, model }),
    content: answer.blocks.map(contentBlock),
    ...anthropicStop(answer, stopSequences),
    usage: anthropicUsage(answer.usage, 0),
  };
}

/** What a message says of itself before its content, plain and streamed. */
export function messageHead({ id, model }: Pick<MessageIdentity, 'id' | 'model'>) {
  const own = { container: null, diagnostics: null };
  return { id, type: 'message' as const, role: 'assistant' as const, model, ...own };
}

/** Tools that a provider runs could call too; there are none here. */
export const modelItself = { type: 'direct' } as const;

function contentBlock(block: AnswerBlock) {
  switch (block.kind) {
    case 'text':
      return { type: 'text' as const, text: block.text, ...citationsOf(block.citations) };
    case 'reasoning':
      return { type: 'thinking' as const, thinking: block.text, signature: block.signature ?? '' };
    case 'reasoning-redacted':
      return { type: 'redacted_thinking' as const, data: block.dataBase64 };
    case 'tool-use':
      return {
        type: 'tool_use' as const,
        id: block.toolUseId,
        name: block.name,
        input: inputOf(block.inputJson),
        caller: modelItself,
      };
  }
}

/** Left out of a text that cites nothing: clients of the older version take a list or nothing. */
function citationsOf(citations: readonly Readonly<Record<string, unknown>>[] | undefined) {
  const told = (citations ?? []).flatMap((citation) => anthropicCitation(citation) ?? []);
  return told.length === 0 ? {} : { citations: told };
}

/** An input that the end of the answer cut short is no JSON any more; then it is empty, as Bedrock has it. */
function inputOf(json: string): object {
  try {
    const value = parseExactJson(json);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
