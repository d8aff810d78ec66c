import type { ChatNeeds, ChatRequest, ContentBlock } from './chat-request.ts';

/** No tokenizer that is in use joins more characters of ordinary text than this, on average over a prompt. */
const CHARACTERS_PER_TOKEN_MAX = 8;
/** More than any model of the catalogue charges for one image. */
const IMAGE_TOKENS_CEILING = 8192;
/** Room for the words that a model's own template adds around messages and tools. */
const TEMPLATE_TOKENS_CEILING = 1024;

/** What a request needs of a target. The token floor is never more than the true count, so that it only removes the impossible. */
export function chatNeeds(request: ChatRequest, streaming: boolean): ChatNeeds {
  const blocks = blocksOf(request);
  const hasImages = blocks.some((block) => 'image' in block);
  const texts = textsOf(request, blocks);
  const words = texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return {
    input: hasImages ? ['TEXT', 'IMAGE'] : ['TEXT'],
    tools: request.tools !== undefined || blocks.some((block) => 'toolUse' in block || 'toolResult' in block),
    jsonSchema: request.responseFormat !== undefined,
    streaming,
    inputTokensMin: Math.min(words, Math.floor(characters / CHARACTERS_PER_TOKEN_MAX)),
  };
}

/** More tokens than the input can have: for money, which fails closed. A tokenizer makes at most one token per byte. */
export function inputTokensCeiling(request: ChatRequest): number {
  const blocks = blocksOf(request);
  const bytes = textsOf(request, blocks).reduce((sum, text) => sum + utf8Length(text), 0);
  const tools = request.tools === undefined ? 0 : utf8Length(JSON.stringify(request.tools));
  const schema =
    request.responseFormat === undefined ? 0 : utf8Length(JSON.stringify(request.responseFormat));
  const images = blocks.filter((block) => 'image' in block).length;
  return bytes + tools + schema + images * IMAGE_TOKENS_CEILING + TEMPLATE_TOKENS_CEILING;
}

function blocksOf(request: ChatRequest): readonly ContentBlock[] {
  return request.messages.flatMap((message) => message.content);
}

function textsOf(request: ChatRequest, blocks: readonly ContentBlock[]): readonly string[] {
  return [...request.system, ...blocks].flatMap((block) => {
    if ('text' in block) return [block.text];
    if ('toolResult' in block) return block.toolResult.content.map(({ text }) => text);
    return 'toolUse' in block ? [JSON.stringify(block.toolUse.input ?? null)] : [];
  });
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return bytes;
}
