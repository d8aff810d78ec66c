/**
 * core/wire/openai: OpenAI's chat format, out of and into the canonical chat.
 *
 * Invariant: pure translation. A finish reason is only ever said when the target said that it stopped; what cannot be
 * translated is refused on the way in. The folder owns no state: a stream's state is the caller's value.
 */
import type { OpenAiTier } from '../service-tiers.ts';
import type { MarkedPart } from './cache-breakpoint.ts';
import type { OpenAiFile } from './document-of-file.ts';
import type { NamedSchema } from './json-schema-format.ts';

/** A chat completions body after its shape was checked. The fields that Spillway honours; the schema refuses others. */
export interface OpenAiChatBody {
  readonly model: string;
  readonly messages: readonly OpenAiMessage[];
  readonly stream?: boolean | null | undefined;
  readonly stream_options?: { readonly include_usage?: boolean | undefined } | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly max_completion_tokens?: number | null | undefined;
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly seed?: number | null | undefined;
  readonly frequency_penalty?: number | null | undefined;
  readonly presence_penalty?: number | null | undefined;
  readonly logit_bias?: Readonly<Record<string, number>> | null | undefined;
  readonly stop?: string | readonly string[] | null | undefined;
  readonly tools?: readonly OpenAiTool[] | null | undefined;
  readonly tool_choice?: OpenAiToolChoice | null | undefined;
  readonly parallel_tool_calls?: boolean | null | undefined;
  readonly response_format?: OpenAiResponseFormat | null | undefined;
  readonly reasoning_effort?: string | null | undefined;
  readonly service_tier?: OpenAiTier | null | undefined;
  readonly prompt_cache_key?: string | null | undefined;
}

export type OpenAiTextPart = MarkedPart & { readonly type: 'text'; readonly text: string };

export type OpenAiContentPart =
  | OpenAiTextPart
  | (MarkedPart & { readonly type: 'image_url'; readonly image_url: { readonly url: string } })
  | (MarkedPart & { readonly type: 'file'; readonly file: OpenAiFile });

export type OpenAiText = string | readonly OpenAiTextPart[];

export type OpenAiAnswerPart = OpenAiTextPart | { readonly type: 'refusal'; readonly refusal: string };

interface OpenAiToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export type OpenAiMessage =
  | { readonly role: 'system' | 'developer'; readonly content: OpenAiText }
  | { readonly role: 'user'; readonly content: string | readonly OpenAiContentPart[] }
  | {
      readonly role: 'assistant';
      readonly content?: string | readonly OpenAiAnswerPart[] | null | undefined;
      /** What it refused with. */
      readonly refusal?: string | null | undefined;
      readonly tool_calls?: readonly OpenAiToolCall[] | null | undefined;
    }
  | { readonly role: 'tool'; readonly content: OpenAiText; readonly tool_call_id: string };

interface OpenAiTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly parameters?: unknown;
    readonly strict?: boolean | null | undefined;
  };
}

export type OpenAiToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } }
  | {
      readonly type: 'allowed_tools';
      readonly allowed_tools: {
        readonly mode: 'auto' | 'required';
        readonly tools: readonly {
          readonly type: 'function';
          readonly function: { readonly name: string };
        }[];
      };
    };

type OpenAiResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: NamedSchema;
    };
