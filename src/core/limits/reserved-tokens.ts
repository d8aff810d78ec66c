import type { Work } from '../call/work.ts';
import { blocksOf, jsonLength, textsOf } from '../chat/chat-needs.ts';
import type { ChatRequest } from '../chat/chat-request.ts';
import type { Usage } from '../chat/model-event.ts';
import { outputTokensFor } from '../chat/output-tokens.ts';
import type { Target } from '../target.ts';
import { utf8Length } from '../units/utf8-length.ts';

/** Of ordinary English text; other languages and code take more tokens. An estimate: usage corrects it. */
const BYTES_PER_TOKEN = 4;
/** About what Anthropic's documentation says of an image of a megapixel. */
const IMAGE_TOKENS = 1600;
/** A page of a document is some 2,000 tokens, as text and image, and some tens of kilobytes to write. */
const DOCUMENT_BYTES_PER_TOKEN = 16;

export interface TokenEstimate {
  /** What the model is likely to read. */
  readonly input: number;
  /** The input, and the longest answer that the call allows. */
  readonly reserved: number;
}

/**
 * The tokens that a call is charged when it starts, as Bedrock does: its input, estimated, and its `maxTokens`. Counting
 * tokens runs no model and takes none.
 */
export function estimateTokens(
  work: Work,
  longest: {
    readonly targets: readonly Pick<Target, 'outputTokensMax'>[];
    readonly outputTokensDefault?: number | undefined;
  },
): TokenEstimate {
  switch (work.kind) {
    case 'count-tokens':
      return { input: 0, reserved: 0 };
    case 'embedding': {
      const input = work.request.texts.reduce((sum, text) => sum + tokensOfBytes(utf8Length(text)), 0);
      return { input, reserved: input };
    }
    case 'chat': {
      const { inference, reasoning } = work.request;
      const limits = {
        maxTokens: inference.maxTokens,
        outputTokensDefault: longest.outputTokensDefault,
        thoughtTokensMax: reasoning?.budgetTokens,
      };
      // Which target answers is not decided yet: the one that may write the most.
      const targets = longest.targets.length === 0 ? [{ outputTokensMax: null }] : longest.targets;
      const output = Math.max(...targets.map((target) => outputTokensFor(target, limits)));
      const input = inputOf(work.request);
      return { input, reserved: input + output };
    }
  }
}

/** Tokens that count towards a limit. Those read from a prompt cache are free, as they are of Bedrock's quotas. */
export function limitedTokensOf({ inputTokens, outputTokens, cacheWriteInputTokens }: Usage): number {
  return inputTokens + outputTokens + (cacheWriteInputTokens ?? 0);
}

function inputOf(request: ChatRequest): number {
  const blocks = blocksOf(request);
  const text = textsOf(blocks).reduce((sum, each) => sum + utf8Length(each), 0);
  const fields = jsonLength(request.tools) + jsonLength(request.responseFormat);
  const images = blocks.filter((block) => 'image' in block).length;
  const documents = blocks.reduce((sum, block) => {
    if (!('document' in block) || !('bytesBase64' in block.document.source)) return sum;
    return sum + (block.document.source.bytesBase64.length * 3) / 4;
  }, 0);
  return (
    tokensOfBytes(text + fields) + images * IMAGE_TOKENS + Math.ceil(documents / DOCUMENT_BYTES_PER_TOKEN)
  );
}

/** One at least: no model reads nothing. */
function tokensOfBytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_PER_TOKEN));
}
