/**
 * core/call: what a call asks of a model, whatever the wire format: a chat, vectors of texts, or a count of tokens.
 *
 * Invariant: all kinds of work are decided by the same filters from the same facts; only what they need differs.
 * The folder owns no state.
 */
import { chatNeeds, inputTokensCeiling } from '../chat/chat-needs.ts';
import type { ChatNeeds, ChatRequest } from '../chat/chat-request.ts';
import { type EmbeddingNeeds, embeddingNeeds, embeddingTokensCeiling } from '../embedding/embedding-needs.ts';
import type { EmbeddingRequest } from '../embedding/embedding-request.ts';

export type Work =
  | { readonly kind: 'chat'; readonly request: ChatRequest; readonly stream: boolean }
  | { readonly kind: 'embedding'; readonly request: EmbeddingRequest }
  /** How many tokens the chat would be charged for on its way in. Runs no model and costs nothing. */
  | { readonly kind: 'count-tokens'; readonly request: ChatRequest };

export type WorkKind = Work['kind'];

/** What a call needs of a target, derived from its work alone. */
export type WorkNeeds = ({ readonly work: 'chat' | 'count-tokens' } & ChatNeeds) | EmbeddingNeeds;

export function needsOf(work: Work): WorkNeeds {
  switch (work.kind) {
    case 'chat':
      return { work: 'chat', ...chatNeeds(work.request, work.stream) };
    case 'embedding':
      return embeddingNeeds(work.request);
    case 'count-tokens':
      // A prompt that fits no context can be counted all the same: that is what many count for.
      return { work: 'count-tokens', ...chatNeeds(work.request, false), inputTokensMin: null };
  }
}

/** More tokens than the input can have: for money, which fails closed. */
export function inputTokensCeilingOf(work: Work): number {
  return work.kind === 'embedding' ? embeddingTokensCeiling(work.request) : inputTokensCeiling(work.request);
}

export function isStreamed(work: Work): boolean {
  return work.kind === 'chat' && work.stream;
}
