import type { ModelConfig } from '#contract/config.ts';
import { needsOf, type WorkNeeds } from '#core/call/work.ts';
import type { ChatMessage, ChatRequest } from '#core/chat/chat-request.ts';
import { originOf } from '#core/health/origin.ts';
import type { ChatWriter } from '#usecases/gateway/dialects/dialect.ts';
import type { IncomingCall } from '#usecases/gateway/ingress.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** Characters of one token of the words below, as tokenizers cut ordinary English. */
export const CHARACTERS_PER_TOKEN = 5;
const WORDS = 'some words of a prompt that says much of little and asks for more of it still ';
/** Prompts are as long as one of these steps says: as many texts are kept. */
const TOKENS_PER_STEP = 64;
const TOKENS_MAX = 1_000_000;

/** Texts of prompts by their step, and what calls with them need: the same for every call of that length. */
export class PromptShelf {
  readonly #texts = new Map<number, ChatMessage['content']>();
  readonly #needs = new Map<string, WorkNeeds>();

  contentOf(inputTokens: number): ChatMessage['content'] {
    const step = Math.ceil(Math.min(inputTokens, TOKENS_MAX) / TOKENS_PER_STEP);
    const known = this.#texts.get(step);
    if (known !== undefined) return known;
    const characters = step * TOKENS_PER_STEP * CHARACTERS_PER_TOKEN;
    const text = WORDS.repeat(Math.ceil(characters / WORDS.length)).slice(0, characters);
    const made = [{ text }];
    this.#texts.set(step, made);
    return made;
  }

  needsOf(request: ChatRequest, { inputTokens, streamed }: SimulatedRequest): WorkNeeds {
    const key = `${Math.ceil(inputTokens / TOKENS_PER_STEP)} ${streamed}`;
    const known = this.#needs.get(key);
    if (known !== undefined) return known;
    const made = needsOf({ kind: 'chat', request, stream: streamed });
    this.#needs.set(key, made);
    return made;
  }
}

/** A call as ingress would hand it on, had it come in a wire format. */
export function canonicalCall(
  asked: SimulatedRequest,
  {
    shelf,
    modelConfig,
    writer,
  }: { readonly shelf: PromptShelf; readonly modelConfig: ModelConfig; readonly writer: ChatWriter },
): IncomingCall {
  const { tenant, lane, deadlineMs, traceparent, maxTokens } = asked;
  // A message of its own, by which a target knows whose call it is; its content is everybody's.
  const message: ChatMessage = { role: 'user', content: shelf.contentOf(asked.inputTokens) };
  const request: ChatRequest = {
    model: asked.model,
    system: [],
    messages: [message],
    inference: maxTokens === undefined ? {} : { maxTokens },
  };
  const needs = shelf.needsOf(request, asked);
  const { inputTokensMin } = needs;
  return {
    work: { kind: 'chat', request, stream: asked.streamed, writer },
    modelConfig,
    needs,
    options: { lane, laneNamed: true, resume: false, deadlineMs, traceparent },
    origin: originOf({ tenant, work: 'chat', inputTokensMin }),
  };
}
