/** Converse's content blocks in canonical form. */
import type {
  BedrockBlock,
  CachePoint,
  ContentBlock,
  DocumentBlock,
  SystemBlock,
  ToolResultContent,
} from '../../chat/chat-request.ts';
import { invariant } from '../../units/invariant.ts';
import type {
  ConverseBlock,
  ConverseCachePoint,
  ConverseDocument,
  ConversePart,
  ConverseSystemBlock,
  ConverseToolResult,
} from './converse-request-body.ts';

export function systemBlockOf({ text, cachePoint, guardContent }: ConverseSystemBlock): SystemBlock {
  if (text !== undefined) return { text };
  if (cachePoint !== undefined) return { cachePoint: cachePointOf(cachePoint) };
  return guardBlock(guardContent);
}

export function contentBlockOf(block: ConverseBlock): ContentBlock {
  const { toolUse, toolResult, reasoningContent, cachePoint, guardContent, citationsContent } = block;
  if (toolUse !== undefined) {
    const { toolUseId, name, input } = toolUse;
    return { toolUse: { toolUseId, name, input: input ?? {} } };
  }
  if (toolResult !== undefined) return { toolResult: toolResultOf(toolResult) };
  if (reasoningContent !== undefined) return reasoningOf(reasoningContent);
  if (cachePoint !== undefined) return { cachePoint: cachePointOf(cachePoint) };
  if (guardContent !== undefined) return guardBlock(guardContent);
  return citationsContent === undefined ? partOf(block) : { bedrock: { member: { citationsContent } } };
}

export function cachePointOf({ ttl }: ConverseCachePoint): CachePoint {
  return ttl === undefined ? {} : { ttl };
}

function toolResultOf({ toolUseId, content, status }: ConverseToolResult) {
  const parts = content.map(
    (part): ToolResultContent => ('json' in part ? { json: part.json } : partOf(part)),
  );
  return { toolUseId, content: parts, ...(status === undefined ? {} : { status }) };
}

function reasoningOf(content: NonNullable<ConverseBlock['reasoningContent']>): ContentBlock {
  const { reasoningText, redactedContent } = content;
  if (redactedContent !== undefined) return { reasoning: { redactedBase64: redactedContent } };
  invariant(reasoningText !== undefined, 'a checked thought is shown or redacted');
  const { text, signature } = reasoningText;
  return { reasoning: { text, ...(signature === undefined ? {} : { signature }) } };
}

function partOf({ text, image, document, video, searchResult }: ConversePart) {
  if (text !== undefined) return { text };
  if (image !== undefined) {
    const { bytes } = image.source;
    invariant(bytes !== undefined, 'a checked image has bytes');
    return { image: { format: image.format, bytesBase64: bytes } };
  }
  if (document !== undefined) return documentOf(document);
  if (video !== undefined) return { bedrock: { member: { video }, modality: 'VIDEO' as const } };
  invariant(searchResult !== undefined, 'a checked block has one member');
  return { bedrock: { member: { searchResult } } };
}

/** A document given as text needs no format; `txt` is what it is. */
function documentOf({ format = 'txt', name, source, context, citations }: ConverseDocument): DocumentBlock {
  return {
    document: {
      format,
      name,
      source: documentSourceOf(source),
      ...(context === undefined ? {} : { context }),
      ...(citations === undefined ? {} : { citations: citations.enabled }),
    },
  };
}

function documentSourceOf({ bytes, text, content }: ConverseDocument['source']) {
  if (bytes !== undefined) return { bytesBase64: bytes };
  if (text !== undefined) return { text };
  return { texts: (content ?? []).map((part) => part.text) };
}

function guardBlock(guardContent: ConverseBlock['guardContent']): BedrockBlock {
  const modality = guardContent?.image === undefined ? {} : { modality: 'IMAGE' as const };
  return { bedrock: { member: { guardContent }, ...modality } };
}
