/**
 * The canonical chat: Bedrock Converse's shape, typed. Every wire format is parsed into it and every target is
 * called from it, so that N formats and M targets need N + M translations.
 *
 * Invariant: nothing that changes an answer is dropped on the way in or out; what a target cannot do is refused
 * by the capability filter, but for what `droppable-feature.ts` lists. Values are plain JSON: binary parts are base64 strings.
 */
import type { ChatFeature } from './chat-feature.ts';
import type { ChatTemplate } from './prompt-template.ts';

export interface TextBlock {
  readonly text: string;
}

export interface ImageBlock {
  readonly image: { readonly format: 'png' | 'jpeg' | 'gif' | 'webp'; readonly bytesBase64: string };
}

export const documentFormats = ['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'] as const;

export type DocumentFormat = (typeof documentFormats)[number];

/** Only what travels with the request: a document in a bucket would be read wherever the bucket is. */
export interface DocumentBlock {
  readonly document: {
    readonly format: DocumentFormat;
    /** Converse's rule: letters, digits, single white space, hyphens, parentheses and square brackets. */
    readonly name: string;
    readonly source:
      | { readonly bytesBase64: string }
      | { readonly text: string }
      /** One after the other: citations tell them apart. */
      | { readonly texts: readonly string[] };
    /** What the model is told of the document beside its content. */
    readonly context?: string | undefined;
    readonly citations?: boolean | undefined;
  };
}

/** A thought of an earlier turn, given back as the model gave it: a signature proves that it was not changed. */
export interface ReasoningBlock {
  readonly reasoning:
    | { readonly text: string; readonly signature?: string | undefined }
    | { readonly redactedBase64: string };
}

/** All that stands before it may be kept by the provider and read again at a lower price. Changes no answer. */
export interface CachePoint {
  /** @default - the provider's own, 5 minutes */
  readonly ttl?: '5m' | '1h' | undefined;
}

export interface CachePointBlock {
  readonly cachePoint: CachePoint;
}

/**
 * A part that only Bedrock's own API has, after its shape was checked: videos, search results, guarded parts. It goes
 * to Bedrock targets alone, as it came.
 */
export interface BedrockBlock {
  readonly bedrock: {
    /** Name and value of the one member of Converse's block. */
    readonly member: Readonly<Record<string, unknown>>;
    /** What the model must take besides text. */
    readonly modality?: 'IMAGE' | 'VIDEO' | 'AUDIO' | undefined;
  };
}

interface ToolUseBlock {
  readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
}

export type ToolResultContent =
  | TextBlock
  | { readonly json: unknown }
  | ImageBlock
  | DocumentBlock
  | BedrockBlock;

interface ToolResultBlock {
  readonly toolResult: {
    readonly toolUseId: string;
    readonly content: readonly ToolResultContent[];
    readonly status?: 'success' | 'error' | undefined;
  };
}

export type ContentBlock =
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | ReasoningBlock
  | CachePointBlock
  | ToolUseBlock
  | ToolResultBlock
  | BedrockBlock;

export type SystemBlock = TextBlock | CachePointBlock | BedrockBlock;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentBlock[];
}

export interface ToolSpecification {
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON schema of type object. */
  readonly inputSchema: unknown;
  /** Whether calls must satisfy the schema to the letter. @default - as the model does by itself */
  readonly strict?: boolean | undefined;
  /** Stands after this tool. */
  readonly cachePoint?: CachePoint | undefined;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'tool'; readonly name: string }
  /** The tools of earlier turns stay known, and none may be called. */
  | { readonly kind: 'none' };

export interface ChatRequest {
  /** The logical model that the caller asked for. */
  readonly model: string;
  readonly system: readonly SystemBlock[];
  /** At least one; the first is the user's; roles alternate (neighbours of one role are merged on parsing). */
  readonly messages: readonly ChatMessage[];
  readonly inference: {
    /** The caller's bound on output tokens; absent: the model's default applies. */
    readonly maxTokens?: number | undefined;
    /** 0 to 1 on most models; passed on as given. */
    readonly temperature?: number | undefined;
    readonly topP?: number | undefined;
    readonly stopSequences?: readonly string[] | undefined;
  };
  /** How tokens are drawn, beyond what every target knows: a need, since a target without it would draw otherwise. */
  readonly sampling?: SamplingOptions | undefined;
  readonly tools?:
    | { readonly specifications: readonly ToolSpecification[]; readonly choice: ToolChoice }
    | undefined;
  /** An answer that must be JSON; with a schema, JSON that satisfies it. */
  readonly responseFormat?:
    | { readonly kind: 'json' }
    | {
        readonly kind: 'json-schema';
        readonly name: string;
        /** What the answer is for, as the model is told. */
        readonly description?: string | undefined;
        readonly schema: unknown;
      }
    | undefined;
  /** The last message is the assistant's and the answer goes on where it ends. */
  readonly continuesAssistant?: boolean | undefined;
  /** The answer says which of `stopSequences` ended it, where the target can tell. */
  readonly tellsStopSequence?: boolean | undefined;
  /** The caller's format has words for an answer that the model itself spoiled; to others it is a failed one. */
  readonly tellsMalformedStop?: boolean | undefined;
  /** Thinking before the answer, with at most so many tokens, of which `maxTokens` must hold more. */
  readonly reasoning?: { readonly budgetTokens: number } | undefined;
  /** What the caller says is the same for prompts that begin alike: a hint of where they are kept. */
  readonly promptCacheKey?: string | undefined;
  /** What only Anthropic's models can honour; a request that has any of it goes to no other. */
  readonly anthropic?: AnthropicOptions | undefined;
  /** What only a Bedrock target can honour; a request that has any of it goes to no other. */
  readonly bedrock?: BedrockOptions | undefined;
}

/** Each absent where it asks for nothing. */
export interface SamplingOptions {
  /** The same seed gives the same answer, as far as the engine can. A whole number. */
  readonly seed?: number | undefined;
  /** -2 to 2, not 0: against tokens by how often they were said. */
  readonly frequencyPenalty?: number | undefined;
  /** -2 to 2, not 0: against tokens that were said at all. */
  readonly presencePenalty?: number | undefined;
  /** -100 to 100 by the token's number in the model's own vocabulary. At least one. */
  readonly logitBias?: Readonly<Record<string, number>> | undefined;
}

/** Members of Anthropic's Messages that Converse hands to the model beside its own. */
export interface AnthropicOptions {
  /** Samples among so many of the likeliest tokens. 0 or more. */
  readonly topK?: number | undefined;
  /** At most one tool call an answer. */
  readonly singleToolCall?: boolean | undefined;
  /** The model itself decides when and how much it thinks; it may be asked to show less of it. */
  readonly adaptiveThinking?: { readonly display?: 'summarized' | 'omitted' | undefined } | undefined;
  /** Names of previews that change what the model does. */
  readonly betas?: readonly string[] | undefined;
}

/** Members of Converse that have no meaning beyond Bedrock. */
export interface BedrockOptions {
  /** Handed to the model as they are: names and meaning are the model's own. */
  readonly additionalModelRequestFields?: Readonly<Record<string, unknown>> | undefined;
  /** JSON pointers into the model's own answer. */
  readonly additionalModelResponseFieldPaths?: readonly string[] | undefined;
  /** `priority`, `default`, `flex` or `reserved`. */
  readonly serviceTier?: string | undefined;
  /** `standard` or `optimized`. */
  readonly performanceLatency?: string | undefined;
  /** How much the model thinks: `low`, `medium`, `high`, `xhigh` or `max`. */
  readonly effort?: string | undefined;
  /** Labels for AWS's invocation logs: they change no answer and bind a request to no target. */
  readonly requestMetadata?: Readonly<Record<string, string>> | undefined;
  readonly guardrail?:
    | {
        readonly identifier: string;
        readonly version: string;
        readonly trace?: string | undefined;
        readonly streamProcessingMode?: string | undefined;
      }
    | undefined;
}

export type { ChatFeature };

/** What a request needs of a target, derived from the request alone. */
export interface ChatNeeds {
  /** Upper-case modality names. */
  readonly input: readonly string[];
  readonly tools: boolean;
  readonly documents: boolean;
  readonly reasoning: boolean;
  /** Tokens for thoughts alone: the target's own bound on an answer must be above. @default - none */
  readonly thinkingTokens?: number | undefined;
  readonly jsonSchema: boolean;
  /** What the model must be made to call: some tool, or one by name. @default - nothing */
  readonly forcedTool?: 'any' | 'named' | undefined;
  /** The same where a tool makes the JSON answer; `sole`: one tool is all there is. @default - no JSON is asked for */
  readonly forcedJsonTool?: 'any' | 'named' | 'sole' | undefined;
  /** Thinking is on, and models that think may not be forced to call the tool that makes JSON. @default false */
  readonly barsJsonTool?: boolean | undefined;
  /** Why Bedrock's own structured outputs cannot make the JSON answer, in words. @default - they can, or none is asked for */
  readonly nativeJsonObstacle?: string | undefined;
  /** The same for the same schema. Two schemas may share one: it decides between ways to the same answer. @default - structured outputs cannot make the answer */
  readonly jsonSchemaKey?: string | undefined;
  /** An earlier attempt of the call waited for the schema to be compiled: a tool goes first. @default false */
  readonly schemaCompiles?: boolean | undefined;
  /** A tier of Bedrock that the call asks for. @default - the standard one */
  readonly serviceTier?: string | undefined;
  readonly streaming: boolean;
  /** What of it a target may turn out not to have. */
  readonly features: readonly ChatFeature[];
  /** Something that only Bedrock's own API can express. */
  readonly bedrockOnly: boolean;
  /** Thinking is steered by an effort or by the model itself, not by a budget. */
  readonly effort: boolean;
  /** No tool may be called though the model knows some. */
  readonly forbidsTools: boolean;
  /** Something that only Anthropic's models understand. */
  readonly anthropicOnly: boolean;
  /** A guardrail reads the prompt too: where, its owner knows and the configuration does not. */
  readonly guardrail: boolean;
  /** Bedrock asks more than the known price for it: a tier or a latency of its own. */
  readonly pricedOtherwise: boolean;
  /** Prompt templates in which its texts cannot be said. @default - none */
  readonly brokenTemplates?: readonly ChatTemplate[] | undefined;
  /** A JSON answer whose members no schema names. @default - no such answer */
  readonly anyJson?: boolean | undefined;
  /** How tokens must be drawn. @default - as every target can */
  readonly sampling?: SamplingOptions | undefined;
  /** A floor, from the request's length: never more than the true count. Null when unknown. */
  readonly inputTokensMin: number | null;
}
