/**
 * The canonical chat: Bedrock Converse's shape, typed. Every wire format is parsed into it and every target is
 * called from it, so that N formats and M targets need N + M translations.
 *
 * Invariant: nothing that changes an answer is dropped on the way in or out; what a target cannot do is refused
 * by the capability filter. Values are plain JSON: binary parts are base64 strings.
 */

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
    readonly source: { readonly bytesBase64: string } | { readonly text: string };
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

export interface ToolUseBlock {
  readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
}

export type ToolResultContent = TextBlock | { readonly json: unknown } | ImageBlock | DocumentBlock;

export interface ToolResultBlock {
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
  | ToolResultBlock;

export type SystemBlock = TextBlock | CachePointBlock;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentBlock[];
}

export interface ToolSpecification {
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON schema of type object. */
  readonly inputSchema: unknown;
  /** Stands after this tool. */
  readonly cachePoint?: CachePoint | undefined;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'tool'; readonly name: string };

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
  readonly tools?:
    | { readonly specifications: readonly ToolSpecification[]; readonly choice: ToolChoice }
    | undefined;
  /** An answer that must be JSON; with a schema, JSON that satisfies it. */
  readonly responseFormat?:
    | { readonly kind: 'json' }
    | { readonly kind: 'json-schema'; readonly name: string; readonly schema: unknown }
    | undefined;
  /** Thinking before the answer, with at most so many tokens, of which `maxTokens` must hold more. */
  readonly reasoning?: { readonly budgetTokens: number } | undefined;
  /** What only a Bedrock target can honour; a request that has any of it goes to no other. */
  readonly bedrock?: BedrockOptions | undefined;
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

/** What a request needs of a target, derived from the request alone. */
export interface ChatNeeds {
  /** Upper-case modality names. */
  readonly input: readonly string[];
  readonly tools: boolean;
  readonly documents: boolean;
  readonly reasoning: boolean;
  readonly jsonSchema: boolean;
  readonly streaming: boolean;
  /** Something that only Bedrock's own API can express. */
  readonly bedrockOnly: boolean;
  /** A floor, from the request's length: never more than the true count. Null when unknown. */
  readonly inputTokensMin: number | null;
}
