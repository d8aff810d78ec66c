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

interface ToolUseBlock {
  readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
}

interface ToolResultBlock {
  readonly toolResult: {
    readonly toolUseId: string;
    readonly content: readonly TextBlock[];
    readonly status?: 'success' | 'error' | undefined;
  };
}

export type ContentBlock = TextBlock | ImageBlock | ToolUseBlock | ToolResultBlock;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentBlock[];
}

export interface ToolSpecification {
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON schema of type object. */
  readonly inputSchema: unknown;
}

export type ToolChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'any' }
  | { readonly kind: 'tool'; readonly name: string };

export interface ChatRequest {
  /** The logical model that the caller asked for. */
  readonly model: string;
  readonly system: readonly TextBlock[];
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
}

/** What a request needs of a target, derived from the request alone. */
export interface ChatNeeds {
  /** Upper-case modality names. */
  readonly input: readonly string[];
  readonly tools: boolean;
  readonly jsonSchema: boolean;
  readonly streaming: boolean;
  /** A floor, from the request's length: never more than the true count. Null when unknown. */
  readonly inputTokensMin: number | null;
}
