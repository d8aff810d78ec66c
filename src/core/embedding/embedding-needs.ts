import { utf8Length } from '../units/utf8-length.ts';
import type { EmbeddingRequest } from './embedding-request.ts';

/** No tokenizer that is in use joins more characters of ordinary text than this, on average over a text. */
const CHARACTERS_PER_TOKEN_MAX = 8;

/** What a request for vectors needs of a target. */
export interface EmbeddingNeeds {
  readonly work: 'embedding';
  readonly dimensions: number | undefined;
  /** The caller says whether the vectors have length 1. */
  readonly normalize: boolean | undefined;
  readonly truncates: boolean;
  /** A floor for the longest text, which is what a model's context must hold: never more than the true count. */
  readonly inputTokensMin: number;
}

export function embeddingNeeds(request: EmbeddingRequest): EmbeddingNeeds {
  const { dimensions, normalize, truncate, texts } = request;
  const cuts = truncate === 'start' || truncate === 'end';
  const floors = texts.map((text) =>
    Math.min(text.match(/\S+/g)?.length ?? 0, Math.floor(text.length / CHARACTERS_PER_TOKEN_MAX)),
  );
  return {
    work: 'embedding',
    dimensions,
    normalize,
    truncates: cuts,
    // A text that may be cut fits everywhere.
    inputTokensMin: cuts ? 0 : floors.reduce((longest, floor) => Math.max(longest, floor), 0),
  };
}

/** More tokens than the texts can have: for money, which fails closed. A tokenizer makes at most one token per byte. */
export function embeddingTokensCeiling({ texts }: EmbeddingRequest): number {
  // Each text gets a token or two of its own at its ends.
  return texts.reduce((sum, text) => sum + utf8Length(text) + 2, 0);
}
