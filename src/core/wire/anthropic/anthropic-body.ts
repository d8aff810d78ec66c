import type { AnthropicTier } from '../service-tiers.ts';
import type { AnthropicCitation } from './citations.ts';

/** A messages body after its shape was checked. The fields that Spillway honours; the schema refuses others. */
export interface AnthropicBody {
  readonly model: string;
  /** Left out where a call asks for no answer. */
  readonly max_tokens?: number | undefined;
  readonly messages: readonly AnthropicMessage[];
  readonly system?: string | readonly AnthropicText[] | undefined;
  readonly temperature?: number | undefined;
  readonly top_p?: number | undefined;
  readonly top_k?: number | undefined;
  readonly stop_sequences?: readonly string[] | undefined;
  readonly thinking?: AnthropicThinkingMode | undefined;
  readonly tools?: readonly AnthropicTool[] | undefined;
  readonly tool_choice?: AnthropicToolChoice | undefined;
  readonly service_tier?: AnthropicTier | undefined;
  readonly output_config?:
    | {
        readonly format?: AnthropicJsonFormat | null | undefined;
        readonly effort?: string | null | undefined;
      }
    | undefined;
  readonly cache_control?: CacheControl;
}

/** A mark: what stands up to here may be kept by the provider. */
export type CacheControl =
  | { readonly type: 'ephemeral'; readonly ttl?: '5m' | '1h' | undefined }
  | null
  | undefined;

interface Markable {
  readonly cache_control?: CacheControl;
}

type AnthropicThinkingMode =
  | { readonly type: 'enabled'; readonly budget_tokens: number }
  | { readonly type: 'adaptive'; readonly display?: 'summarized' | 'omitted' | null | undefined }
  | { readonly type: 'disabled' };

export interface AnthropicText extends Markable {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly AnthropicCitation[] | null | undefined;
}

export interface AnthropicImage extends Markable {
  readonly type: 'image';
  readonly source: {
    readonly type: 'base64';
    readonly media_type: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';
    readonly data: string;
  };
}

export interface AnthropicDocument extends Markable {
  readonly type: 'document';
  readonly source:
    | { readonly type: 'base64'; readonly data: string }
    | { readonly type: 'text'; readonly data: string }
    | { readonly type: 'content'; readonly content: string | readonly AnthropicText[] };
  readonly title?: string | null | undefined;
  readonly context?: string | null | undefined;
  readonly citations?: { readonly enabled?: boolean | undefined } | null | undefined;
}

interface AnthropicToolUse extends Markable {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface AnthropicToolResult extends Markable {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: string | readonly (AnthropicText | AnthropicImage | AnthropicDocument)[] | undefined;
  readonly is_error?: boolean | undefined;
}

export type AnthropicThought =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

export type AnthropicBlock =
  | AnthropicText
  | AnthropicImage
  | AnthropicDocument
  | AnthropicToolUse
  | AnthropicToolResult
  | AnthropicThought;

export interface AnthropicMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly AnthropicBlock[];
}

export interface AnthropicTool extends Markable {
  readonly name: string;
  readonly description?: string | undefined;
  readonly input_schema: unknown;
  readonly strict?: boolean | undefined;
}

export type AnthropicToolChoice =
  | { readonly type: 'auto' | 'any'; readonly disable_parallel_tool_use?: boolean | undefined }
  | {
      readonly type: 'tool';
      readonly name: string;
      readonly disable_parallel_tool_use?: boolean | undefined;
    }
  | { readonly type: 'none' };

interface AnthropicJsonFormat {
  readonly type: 'json_schema';
  readonly schema: unknown;
}
