import type {
  CachePointBlock,
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  ReasoningBlock,
  ToolResultContent,
} from '../../chat/chat-request.ts';
import type {
  AnthropicBlock,
  AnthropicDocument,
  AnthropicImage,
  AnthropicText,
  AnthropicThought,
  AnthropicToolResult,
  CacheControl,
} from './anthropic-body.ts';
import { bedrockCitation } from './citations.ts';

/** Converse's bound on a document's name, less room for a number behind it. */
const NAME_LENGTH_MAX = 190;

/** A block in canonical form, and the cache point that its mark stands for. Empty texts are left out: they say nothing. */
export function blocksOfAnthropic(block: AnthropicBlock): readonly ContentBlock[] {
  const said = contentOf(block);
  return said === undefined ? [] : [said, ...cachePointOf(innermostMark(block))];
}

/** The cache point of a mark; none without. */
export function cachePointOf(mark: CacheControl): readonly CachePointBlock[] {
  return mark == null ? [] : [{ cachePoint: mark.ttl === undefined ? {} : { ttl: mark.ttl } }];
}

/** All marks at a block, its inner ones first, as the order of the prompt has them. */
export function marksOf(block: AnthropicBlock): readonly NonNullable<CacheControl>[] {
  const own = 'cache_control' in block ? [block.cache_control] : [];
  return [...innerBlocks(block).flatMap(marksOf), ...own.filter((mark) => mark != null)];
}

/** A point stands between blocks of a message: a mark inside of one moves to its end, where more is kept. */
function innermostMark(block: AnthropicBlock): CacheControl {
  return marksOf(block).at(-1);
}

function innerBlocks(block: AnthropicBlock): readonly (AnthropicText | AnthropicImage | AnthropicDocument)[] {
  if (block.type === 'tool_result') return typeof block.content === 'object' ? block.content : [];
  if (block.type !== 'document' || block.source.type !== 'content') return [];
  return typeof block.source.content === 'object' ? block.source.content : [];
}

function contentOf(block: AnthropicBlock): ContentBlock | undefined {
  switch (block.type) {
    case 'text':
      return textOf(block);
    case 'image':
      return imageOf(block);
    case 'document':
      return documentOf(block);
    case 'thinking':
    case 'redacted_thinking':
      return thoughtOf(block);
    case 'tool_use': {
      const { id, name, input } = block;
      return { toolUse: { toolUseId: id, name, input } };
    }
    case 'tool_result':
      return toolResultOf(block);
  }
}

/** A text with its sources is a block of Converse's own. */
function textOf({ text, citations }: AnthropicText): ContentBlock | undefined {
  if (text === '') return undefined;
  if (citations == null || citations.length === 0) return { text };
  const citationsContent = { content: [{ text }], citations: citations.map(bedrockCitation) };
  return { bedrock: { member: { citationsContent } } };
}

function imageOf({ source }: AnthropicImage): ImageBlock {
  const format = source.media_type.slice('image/'.length) as ImageBlock['image']['format'];
  return { image: { format, bytesBase64: source.data } };
}

function documentOf({ source, title, context, citations }: AnthropicDocument): DocumentBlock {
  return {
    document: {
      format: source.type === 'base64' ? 'pdf' : 'txt',
      name: documentName(title ?? ''),
      source: documentSourceOf(source),
      ...(context == null || context === '' ? {} : { context }),
      ...(citations?.enabled === true ? { citations: true } : {}),
    },
  };
}

function documentSourceOf(source: AnthropicDocument['source']): DocumentBlock['document']['source'] {
  if (source.type === 'base64') return { bytesBase64: source.data };
  if (source.type === 'text') return { text: source.data };
  const { content } = source;
  return { texts: typeof content === 'string' ? [content] : content.map(({ text }) => text) };
}

/** The title in the letters that Converse takes; a document without one needs a name all the same. */
function documentName(title: string): string {
  const plain = title.replace(/[^A-Za-z0-9()[\] -]+/g, '-').replace(/ +/g, ' ');
  return plain.slice(0, NAME_LENGTH_MAX).trim() || 'document';
}

/** An empty signature is what our answers give with a thought that its target did not sign. */
function thoughtOf(block: AnthropicThought): ReasoningBlock {
  if (block.type === 'redacted_thinking') return { reasoning: { redactedBase64: block.data } };
  const { thinking: text, signature } = block;
  return { reasoning: signature === '' ? { text } : { text, signature } };
}

function toolResultOf({ tool_use_id, content, is_error }: AnthropicToolResult): ContentBlock {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content } as const] : (content ?? []);
  return {
    toolResult: {
      toolUseId: tool_use_id,
      content: parts.flatMap(resultPartOf),
      ...(is_error === true ? { status: 'error' as const } : {}),
    },
  };
}

function resultPartOf(
  part: AnthropicText | AnthropicImage | AnthropicDocument,
): readonly ToolResultContent[] {
  if (part.type === 'image') return [imageOf(part)];
  if (part.type === 'document') return [documentOf(part)];
  return part.text === '' ? [] : [{ text: part.text }];
}
