import type { Work } from '../call/work.ts';
import type { Usage } from '../chat/model-event.ts';
import { estimateTokens } from './reserved-tokens.ts';

/** Of ordinary English text. */
const CHARACTERS_PER_TOKEN = 4;

/** What came of an answer, as the gateway saw it. */
export interface SeenAnswer {
  /** Content deltas of a stream. @default 0 */
  readonly deltas?: number | undefined;
  /** Of all content. @default 0 */
  readonly characters?: number | undefined;
}

/**
 * What a call is taken to have used where its target told nothing: limits and costs must see it all the same. Nobody
 * may be told it as exact.
 *
 * @param readers targets that read the input: two where a second one went on with a broken answer
 */
export function estimatedUsage(work: Work, seen: SeenAnswer, readers: 1 | 2 = 1): Usage {
  const { input } = estimateTokens(work, { targets: [] });
  return { inputTokens: input * readers, outputTokens: work.kind === 'chat' ? tokensWritten(seen) : 0 };
}

/** Output tokens of what was seen: most targets send about a token a delta; some join many, and few tokens are longer. */
export function tokensWritten({ deltas = 0, characters = 0 }: SeenAnswer): number {
  return Math.max(deltas, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}
