/** The content blocks of Anthropic's Messages format that a call may carry: strict, each refusal with its reason. */
import * as z from 'zod';
import { refusedUnless, refusedUnlessNull } from './refused-fields.ts';

const REMOTE = 'is not fetched, since that would leave the residency; send the bytes themselves as base64';
const FILE = 'stands at a provider and is not read from there; send the bytes themselves as base64';
const SERVER_TOOLS = 'belongs to tools that a provider runs; only tools of the caller are offered';

/** Kinds of blocks and sources that Anthropic's format has and no lawful target can honour, each with the reason. */
export const refusedAnthropicBlocks: Readonly<Record<string, string>> = {
  url: REMOTE,
  file: FILE,
  search_result: 'send it as a document',
  tool_reference: SERVER_TOOLS,
  browser_state: SERVER_TOOLS,
  server_tool_use: SERVER_TOOLS,
  web_search_tool_result: SERVER_TOOLS,
  web_fetch_tool_result: SERVER_TOOLS,
  code_execution_tool_result: SERVER_TOOLS,
  bash_code_execution_tool_result: SERVER_TOOLS,
  text_editor_code_execution_tool_result: SERVER_TOOLS,
  tool_search_tool_result: SERVER_TOOLS,
  mcp_tool_use: SERVER_TOOLS,
  mcp_tool_result: SERVER_TOOLS,
  container_upload: SERVER_TOOLS,
  compaction: 'no target honours it',
};

/** Says which kinds there are, and of a known kind why it is refused. */
function kinds(...known: readonly string[]) {
  return {
    error: ({ input }: { readonly input?: unknown }): string | undefined => {
      const type =
        typeof input === 'object' && input !== null ? (input as { type?: unknown }).type : undefined;
      if (typeof type !== 'string') return `must have a type: ${known.join(', ')}`;
      const reason = Object.hasOwn(refusedAnthropicBlocks, type) ? refusedAnthropicBlocks[type] : undefined;
      return reason === undefined
        ? `must be one of ${known.join(', ')}`
        : `"${type}" is not supported: ${reason}`;
    },
  };
}

export const cacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish();

const base64 = z
  .string()
  .min(1)
  .refine((text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text), 'must be base64');
const toolId = z.string().regex(/^[a-zA-Z0-9_-]{1,256}$/, 'must be 1 to 256 letters, digits, _ or -');
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');

const passage = {
  cited_text: z.string(),
  document_index: z.int().min(0),
  document_title: z.string().nullish(),
  file_id: z.null().optional(),
};
const at = z.int().min(0);

/** Citations of an earlier answer, given back with its text. */
const citations = z
  .array(
    z.discriminatedUnion(
      'type',
      [
        z.strictObject({
          type: z.literal('char_location'),
          ...passage,
          start_char_index: at,
          end_char_index: at,
        }),
        z.strictObject({
          type: z.literal('page_location'),
          ...passage,
          start_page_number: at,
          end_page_number: at,
        }),
        z.strictObject({
          type: z.literal('content_block_location'),
          ...passage,
          start_block_index: at,
          end_block_index: at,
        }),
      ],
      kinds('char_location', 'page_location', 'content_block_location'),
    ),
  )
  .nullish();

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  citations: z.array(z.never('must be empty: only an answer cites')).nullish(),
  cache_control: cacheControl,
});
const answeredTextBlock = z.strictObject({ ...textBlock.shape, citations });

/** Members of blocks that no lawful target can honour, each with the reason. */
export const refusedAnthropicMembers: Readonly<Record<string, string>> = {
  'image.transformations.oversized_image': 'an image that is too large is judged by the model that answers',
  toolset_name: SERVER_TOOLS,
};

const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('base64'),
        media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
        data: base64,
      }),
    ],
    kinds('base64'),
  ),
  transformations: z
    .strictObject({
      oversized_image: refusedUnless(
        'downsize',
        'image.transformations.oversized_image',
        refusedAnthropicMembers,
      ),
    })
    .nullish(),
  cache_control: cacheControl,
});

const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: base64 }),
      z.strictObject({
        type: z.literal('text'),
        media_type: z.literal('text/plain'),
        data: z.string().min(1),
      }),
      z.strictObject({
        type: z.literal('content'),
        content: z.union([
          z.string().min(1),
          z
            .array(
              z.strictObject({
                type: z.literal('text', 'must be text: documents of text blocks are what targets take'),
                text: z.string().min(1),
                cache_control: cacheControl,
              }),
            )
            .min(1),
        ]),
      }),
    ],
    kinds('base64', 'text', 'content'),
  ),
  title: z.string().max(500).nullish(),
  context: z.string().nullish(),
  citations: z.strictObject({ enabled: z.boolean().optional() }).nullish(),
  cache_control: cacheControl,
});

/** Only calls that the model made by itself: the other callers are tools of a provider. */
const caller = z.strictObject({ type: z.literal('direct') }).nullish();

const { toolset_name: toolsetReason = '' } = refusedAnthropicMembers;
const noToolset = refusedUnlessNull({ toolset_name: toolsetReason });

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: toolId,
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  caller,
  ...noToolset,
  cache_control: cacheControl,
});

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: toolId,
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion(
          'type',
          [textBlock, imageBlock, documentBlock],
          kinds('text', 'image', 'document'),
        ),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  ...noToolset,
  cache_control: cacheControl,
});

const thinkingBlock = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string(),
});
const redactedThinkingBlock = z.strictObject({ type: z.literal('redacted_thinking'), data: base64 });

export const userBlocks = z.array(
  z.discriminatedUnion(
    'type',
    [textBlock, imageBlock, documentBlock, toolResultBlock],
    kinds('text', 'image', 'document', 'tool_result'),
  ),
);

export const assistantBlocks = z.array(
  z.discriminatedUnion(
    'type',
    [answeredTextBlock, thinkingBlock, redactedThinkingBlock, toolUseBlock],
    kinds('text', 'thinking', 'redacted_thinking', 'tool_use'),
  ),
);
