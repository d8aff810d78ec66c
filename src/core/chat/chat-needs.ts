import { countWords } from '../units/count-words.ts';
import { utf8Length } from '../units/utf8-length.ts';
import { chatFeatures, forbidsTools } from './chat-features.ts';
import type { ChatNeeds, ChatRequest, ContentBlock, SystemBlock, ToolResultContent } from './chat-request.ts';
import { jsonSchemaKey, nativeJsonObstacle } from './native-json.ts';
import { type ChatTemplate, templatesBrokenBy } from './prompt-template.ts';

/** No tokenizer that is in use joins more characters of ordinary text than this, on average over a prompt. */
const CHARACTERS_PER_TOKEN_MAX = 8;
/** More than any model of the catalogue charges for one image. */
const IMAGE_TOKENS_CEILING = 8192;
/** Room for the words that a model's own template adds around messages and tools. */
const TEMPLATE_TOKENS_CEILING = 1024;

/** What a request needs of a target. The token floor is never more than the true count, so that it only removes the impossible. */
export function chatNeeds(request: ChatRequest, streaming: boolean): ChatNeeds {
  const blocks = blocksOf(request);
  const hasDocuments = blocks.some((block) => 'document' in block);
  const texts = textsOf(blocks);
  const words = texts.reduce((sum, text) => sum + countWords(text), 0);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return {
    input: modalitiesOf(blocks),
    tools: request.tools !== undefined || blocks.some((block) => 'toolUse' in block || 'toolResult' in block),
    documents: hasDocuments,
    reasoning: request.reasoning !== undefined,
    thinkingTokens: request.reasoning?.budgetTokens,
    jsonSchema: request.responseFormat !== undefined,
    forcedTool: forcedTool(request),
    serviceTier: request.bedrock?.serviceTier,
    ...jsonNeeds(request),
    streaming,
    features: chatFeatures(request),
    bedrockOnly:
      hasBedrockOptions(request) ||
      request.continuesAssistant === true ||
      hasDocuments ||
      blocks.some((block) => 'bedrock' in block),
    effort: request.bedrock?.effort !== undefined || request.anthropic?.adaptiveThinking !== undefined,
    forbidsTools: forbidsTools(request),
    anthropicOnly: request.anthropic !== undefined || blocks.some(isProvenThought),
    guardrail: request.bedrock?.guardrail !== undefined,
    pricedOtherwise: isPricedOtherwise(request),
    ...brokenTemplates(texts),
    ...(isAnyJson(request.responseFormat) ? { anyJson: true } : {}),
    ...(request.sampling === undefined ? {} : { sampling: request.sampling }),
    inputTokensMin: Math.min(words, Math.floor(characters / CHARACTERS_PER_TOKEN_MAX)),
  };
}

function modalitiesOf(blocks: readonly Part[]): ChatNeeds['input'] {
  const modalities = ['TEXT'];
  for (const block of blocks) {
    const modality = 'image' in block ? 'IMAGE' : 'bedrock' in block ? block.bedrock.modality : undefined;
    if (modality !== undefined && !modalities.includes(modality)) modalities.push(modality);
  }
  return modalities;
}

function brokenTemplates(texts: readonly string[]): Pick<ChatNeeds, 'brokenTemplates'> {
  const broken: ChatTemplate[] = [];
  for (const text of texts) {
    for (const template of templatesBrokenBy(text)) if (!broken.includes(template)) broken.push(template);
  }
  return broken.length === 0 ? {} : { brokenTemplates: broken };
}

function isAnyJson(format: ChatRequest['responseFormat']): boolean {
  if (format?.kind !== 'json-schema') return format !== undefined;
  return !(typeof format.schema === 'object' && format.schema !== null && 'properties' in format.schema);
}

function jsonNeeds(
  request: ChatRequest,
): Pick<ChatNeeds, 'forcedJsonTool' | 'barsJsonTool' | 'nativeJsonObstacle' | 'jsonSchemaKey'> {
  const { responseFormat, tools, reasoning, anthropic } = request;
  // A tool that the caller itself forces is the answer.
  if (responseFormat === undefined || tools?.choice.kind === 'tool') return {};
  const alone = tools === undefined || tools.specifications.length === 0;
  const obstacle = nativeJsonObstacle(request);
  return {
    forcedJsonTool: alone ? 'sole' : tools.choice.kind === 'none' ? 'named' : 'any',
    ...(reasoning !== undefined || anthropic?.adaptiveThinking !== undefined ? { barsJsonTool: true } : {}),
    ...(obstacle === undefined
      ? { jsonSchemaKey: jsonSchemaKey(request) }
      : { nativeJsonObstacle: obstacle }),
  };
}

function forcedTool({ tools }: ChatRequest): 'any' | 'named' | undefined {
  const kind = tools?.choice.kind;
  if (kind === 'any') return 'any';
  return kind === 'tool' ? 'named' : undefined;
}

/** Options that change an answer; labels do not, and bind a request to no target. */
function hasBedrockOptions({ bedrock }: ChatRequest): boolean {
  const { requestMetadata: _, ...options } = bedrock ?? {};
  return Object.values(options).some((option) => option !== undefined);
}

/** The facts know the prices of the default tier; `flex` costs less than those. */
function isPricedOtherwise({ bedrock }: ChatRequest): boolean {
  const { serviceTier, performanceLatency } = bedrock ?? {};
  const knownTier = serviceTier === undefined || serviceTier === 'default' || serviceTier === 'flex';
  return !knownTier || (performanceLatency !== undefined && performanceLatency !== 'standard');
}

/** More tokens than the input can have: for money, which fails closed. A tokenizer makes at most one token per byte. */
export function inputTokensCeiling(request: ChatRequest): number {
  const blocks = blocksOf(request);
  const bytes = textsOf(blocks).reduce((sum, text) => sum + utf8Length(text), 0);
  const tools = jsonLength(request.tools);
  const schema = jsonLength(request.responseFormat);
  const images = blocks.filter(
    (block) => 'image' in block || ('bedrock' in block && block.bedrock.modality === 'IMAGE'),
  ).length;
  const documents = blocks.reduce((sum, block) => sum + documentTokensCeiling(block), 0);
  const own = blocks.reduce(
    (sum, block) => sum + ('bedrock' in block ? jsonLength(block.bedrock.member) : 0),
    0,
  );
  const fields = jsonLength(request.bedrock?.additionalModelRequestFields);
  return (
    bytes +
    own +
    fields +
    tools +
    schema +
    images * IMAGE_TOKENS_CEILING +
    documents +
    TEMPLATE_TOKENS_CEILING
  );
}

/** Bytes of a value as JSON; none of what is not there. */
export function jsonLength(value: unknown): number {
  return value === undefined ? 0 : utf8Length(JSON.stringify(value));
}

/** A signature and a hidden thought mean something to the provider that made them, and nothing to others. */
function isProvenThought(block: Part): boolean {
  if (!('reasoning' in block)) return false;
  return 'redactedBase64' in block.reasoning || block.reasoning.signature !== undefined;
}

/** A block and what tool results hold: every part that is shown to the model. */
type Part = ContentBlock | ToolResultContent | SystemBlock;

/** Every part of a request that a model is shown. */
export function blocksOf(request: ChatRequest): readonly Part[] {
  const parts: Part[] = [...request.system];
  for (const { content } of request.messages) {
    for (const block of content) {
      parts.push(block);
      if ('toolResult' in block) for (const part of block.toolResult.content) parts.push(part);
    }
  }
  return parts;
}

/** Their texts, one of each. */
export function textsOf(blocks: readonly Part[]): readonly string[] {
  const texts: string[] = [];
  for (const block of blocks) {
    if ('text' in block) texts.push(block.text);
    else if ('json' in block) texts.push(JSON.stringify(block.json ?? null));
    else if ('reasoning' in block && 'text' in block.reasoning) texts.push(block.reasoning.text);
    else if ('toolUse' in block) texts.push(JSON.stringify(block.toolUse.input ?? null));
    else if ('document' in block) {
      const { source, context } = block.document;
      if ('text' in source) texts.push(source.text);
      if ('texts' in source) for (const text of source.texts) texts.push(text);
      if (context !== undefined) texts.push(context);
    }
  }
  return texts;
}

/** A page of a document is read as its text and as an image of it, and takes at least this many bytes to write. */
const DOCUMENT_BYTES_PER_PAGE_MIN = 256;

/** Of a document in bytes: one token a byte of it, and an image for each page that could be in it. */
function documentTokensCeiling(block: Part): number {
  if (!('document' in block) || !('bytesBase64' in block.document.source)) return 0;
  const bytes = Math.ceil((block.document.source.bytesBase64.length * 3) / 4);
  return bytes + Math.ceil(bytes / DOCUMENT_BYTES_PER_PAGE_MIN) * IMAGE_TOKENS_CEILING;
}
