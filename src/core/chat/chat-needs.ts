import type { ChatNeeds, ChatRequest, ContentBlock, SystemBlock, ToolResultContent } from './chat-request.ts';

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
  const documents = blocks.filter((block) => 'document' in block);
  const texts = textsOf(request, blocks);
  const words = texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return {
    input: hasImages ? ['TEXT', 'IMAGE'] : ['TEXT'],
    tools: request.tools !== undefined || blocks.some((block) => 'toolUse' in block || 'toolResult' in block),
    documents: documents.length > 0,
    reasoning: request.reasoning !== undefined,
    jsonSchema: request.responseFormat !== undefined,
    streaming,
    bedrockOnly: request.bedrock !== undefined || documents.length > 0,
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
  const documents = blocks.reduce((sum, block) => sum + documentTokensCeiling(block), 0);
  return bytes + tools + schema + images * IMAGE_TOKENS_CEILING + documents + TEMPLATE_TOKENS_CEILING;
}

/** A block and what tool results hold: every part that is shown to the model. */
type Part = ContentBlock | ToolResultContent | SystemBlock;

function blocksOf(request: ChatRequest): readonly Part[] {
  const blocks = request.messages.flatMap((message) => message.content);
  return blocks.flatMap((block): readonly Part[] =>
    'toolResult' in block ? [block, ...block.toolResult.content] : [block],
  );
}

function textsOf(request: ChatRequest, blocks: readonly Part[]): readonly string[] {
  return [...request.system, ...blocks].flatMap((block) => {
    if ('text' in block) return [block.text];
    if ('json' in block) return [JSON.stringify(block.json ?? null)];
    if ('reasoning' in block && 'text' in block.reasoning) return [block.reasoning.text];
    if ('document' in block) {
      const { source, context } = block.document;
      return [...('text' in source ? [source.text] : []), ...(context === undefined ? [] : [context])];
    }
    return 'toolUse' in block ? [JSON.stringify(block.toolUse.input ?? null)] : [];
  });
}

/** A page of a document is read as its text and as an image of it, and takes at least this many bytes to write. */
const DOCUMENT_BYTES_PER_PAGE_MIN = 256;

/** Of a document in bytes: one token a byte of it, and an image for each page that could be in it. */
function documentTokensCeiling(block: Part): number {
  if (!('document' in block) || 'text' in block.document.source) return 0;
  const bytes = Math.ceil((block.document.source.bytesBase64.length * 3) / 4);
  return bytes + Math.ceil(bytes / DOCUMENT_BYTES_PER_PAGE_MIN) * IMAGE_TOKENS_CEILING;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return bytes;
}
