import type { ImageSize } from './image-size.ts';
import type { WorkShape } from './measure-work.ts';
import type { TextShape } from './text-shape.ts';
import type { TokenFamily } from './token-family.ts';

/** Words of a model's template around a turn or a tool, about. */
const TOKENS_PER_PART = 4;
/** Anthropic's published rule: a token for so many pixels. Of other families it is a guess that reports correct. */
const PIXELS_PER_TOKEN = 750;
/** A page of a document is some 2,000 tokens, as text and image, and some tens of kilobytes to write. */
const DOCUMENT_BYTES_PER_TOKEN = 16;

/** Tokens that a model of the family is likely to read of the call; 1 or more. */
export function estimateInput(
  { text, images, documentBytes, parts }: WorkShape,
  family: TokenFamily,
): number {
  const ofImages = images.reduce((sum, image) => sum + imageTokens(image, family), 0);
  const ofDocuments = documentBytes / DOCUMENT_BYTES_PER_TOKEN;
  return Math.max(1, Math.ceil(textTokens(text, family) + ofImages + ofDocuments + parts * TOKENS_PER_PART));
}

export function textTokens(text: TextShape, { prices }: TokenFamily): number {
  let tokens = 0;
  for (let index = 0; index < prices.length; index += 1) tokens += (text[index] ?? 0) * (prices[index] ?? 0);
  return tokens;
}

function imageTokens(image: ImageSize | undefined, { imageEdgeMax, imageTokensMax }: TokenFamily): number {
  if (image === undefined) return imageTokensMax;
  const { width, height } = image;
  const scale = Math.min(1, imageEdgeMax / Math.max(width, height));
  return Math.min(imageTokensMax, Math.ceil((width * scale * height * scale) / PIXELS_PER_TOKEN));
}
