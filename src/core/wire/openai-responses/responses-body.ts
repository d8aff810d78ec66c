/**
 * core/wire/openai-responses: OpenAI's responses format, out of and into the canonical chat.
 *
 * Invariant: pure translation. Nothing is kept between two calls: what an item stands for comes with the call. A
 * response is only complete when the target said that it stopped. The folder owns no state: a stream's state is the
 * caller's value.
 */

import type { MarkedPart } from '../openai/cache-breakpoint.ts';
import type { OpenAiFile } from '../openai/document-of-file.ts';
import type { NamedSchema } from '../openai/json-schema-format.ts';
import type { OpenAiTier } from '../service-tiers.ts';

/** A responses body after its shape was checked. The fields that Spillway honours; the schema refuses others. */
export interface ResponsesBody {
  readonly model: string;
  readonly input: string | readonly InputItem[];
  readonly instructions?: string | null | undefined;
  readonly stream?: boolean | null | undefined;
  readonly max_output_tokens?: number | null | undefined;
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly tools?: readonly ResponsesTool[] | null | undefined;
  readonly tool_choice?: ResponsesToolChoice | null | undefined;
  readonly parallel_tool_calls?: boolean | null | undefined;
  readonly text?: { readonly format?: TextFormat | null | undefined } | null | undefined;
  readonly reasoning?:
    | { readonly effort?: string | null | undefined; readonly summary?: 'auto' | null | undefined }
    | null
    | undefined;
  readonly service_tier?: OpenAiTier | null | undefined;
  readonly user?: string | null | undefined;
  readonly safety_identifier?: string | null | undefined;
  readonly prompt_cache_key?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

export type InputPart = MarkedPart &
  (
    | { readonly type: 'input_text'; readonly text: string }
    | { readonly type: 'input_image'; readonly image_url: string }
    | ({ readonly type: 'input_file' } & OpenAiFile)
  );

type OutputPart =
  | { readonly type: 'output_text'; readonly text: string }
  | { readonly type: 'refusal'; readonly refusal: string };

export type InputItem =
  | {
      readonly type: 'message';
      readonly role: 'user' | 'system' | 'developer';
      readonly content: string | readonly InputPart[];
    }
  | {
      readonly type: 'message';
      readonly role: 'assistant';
      readonly content: string | readonly OutputPart[];
    }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | {
      readonly type: 'function_call_output';
      readonly call_id: string;
      readonly output: string | readonly InputPart[];
    }
  | ReasoningItem;

export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly summary: readonly { readonly text: string }[];
  readonly content?: readonly { readonly text: string }[] | null | undefined;
  readonly encrypted_content?: string | null | undefined;
}

interface ResponsesTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: unknown;
  readonly strict?: boolean | null | undefined;
}

export type ResponsesToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly name: string }
  | {
      readonly type: 'allowed_tools';
      readonly mode: 'auto' | 'required';
      readonly tools: readonly { readonly type: 'function'; readonly name: string }[];
    };

type TextFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | ({ readonly type: 'json_schema' } & NamedSchema);
