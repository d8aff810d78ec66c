/** A Converse body after its shape was checked. Of each union exactly one member is there. */
export interface ConverseRequestBody {
  readonly messages: readonly ConverseMessage[];
  readonly system?: readonly ConverseSystemBlock[] | undefined;
  readonly inferenceConfig?:
    | {
        readonly maxTokens?: number | undefined;
        readonly temperature?: number | undefined;
        readonly topP?: number | undefined;
        readonly stopSequences?: readonly string[] | undefined;
      }
    | undefined;
  readonly toolConfig?: ConverseToolConfig | undefined;
  readonly guardrailConfig?:
    | {
        readonly guardrailIdentifier: string;
        readonly guardrailVersion: string;
        readonly trace?: string | undefined;
        readonly streamProcessingMode?: string | undefined;
      }
    | undefined;
  readonly additionalModelRequestFields?: Readonly<Record<string, unknown>> | undefined;
  readonly additionalModelResponseFieldPaths?: readonly string[] | undefined;
  readonly requestMetadata?: Readonly<Record<string, string>> | undefined;
  readonly performanceConfig?: { readonly latency?: string | undefined } | undefined;
  readonly serviceTier?: { readonly type: string } | undefined;
  readonly outputConfig?:
    | {
        readonly textFormat?:
          | { readonly structure: { readonly jsonSchema?: ConverseJsonSchema | undefined } }
          | undefined;
        readonly effort?: string | undefined;
      }
    | undefined;
}

interface ConverseJsonSchema {
  /** JSON text. */
  readonly schema: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

export interface ConverseMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ConverseBlock[];
}

export interface ConverseCachePoint {
  readonly type: 'default';
  readonly ttl?: '5m' | '1h' | undefined;
}

interface ConverseImage {
  readonly format: 'png' | 'jpeg' | 'gif' | 'webp';
  readonly source: { readonly bytes?: string | undefined };
}

export interface ConverseDocument {
  readonly format?: 'pdf' | 'csv' | 'doc' | 'docx' | 'xls' | 'xlsx' | 'html' | 'txt' | 'md' | undefined;
  readonly name: string;
  readonly source: {
    readonly bytes?: string | undefined;
    readonly text?: string | undefined;
    readonly content?: readonly { readonly text: string }[] | undefined;
  };
  readonly context?: string | undefined;
  readonly citations?: { readonly enabled: boolean } | undefined;
}

/** Members that both messages and tool results hold. */
export interface ConversePart {
  readonly text?: string | undefined;
  readonly image?: ConverseImage | undefined;
  readonly document?: ConverseDocument | undefined;
  readonly video?: unknown;
  readonly searchResult?: unknown;
}

export interface ConverseToolResult {
  readonly toolUseId: string;
  readonly content: readonly (ConversePart & { readonly json?: unknown })[];
  readonly status?: 'success' | 'error' | undefined;
}

export interface ConverseBlock extends ConversePart {
  readonly toolUse?:
    | { readonly toolUseId: string; readonly name: string; readonly input?: unknown }
    | undefined;
  readonly toolResult?: ConverseToolResult | undefined;
  readonly reasoningContent?:
    | {
        readonly reasoningText?:
          | { readonly text: string; readonly signature?: string | undefined }
          | undefined;
        readonly redactedContent?: string | undefined;
      }
    | undefined;
  readonly cachePoint?: ConverseCachePoint | undefined;
  readonly guardContent?: ConverseGuardContent | undefined;
  readonly citationsContent?: unknown;
}

interface ConverseGuardContent {
  readonly text?: unknown;
  readonly image?: unknown;
}

export interface ConverseSystemBlock {
  readonly text?: string | undefined;
  readonly cachePoint?: ConverseCachePoint | undefined;
  readonly guardContent?: ConverseGuardContent | undefined;
}

export interface ConverseToolConfig {
  readonly tools: readonly {
    readonly toolSpec?:
      | {
          readonly name: string;
          readonly description?: string | undefined;
          readonly inputSchema: { readonly json?: Readonly<Record<string, unknown>> | undefined };
          readonly strict?: boolean | undefined;
        }
      | undefined;
    readonly cachePoint?: ConverseCachePoint | undefined;
  }[];
  readonly toolChoice?:
    | {
        readonly auto?: unknown;
        readonly any?: unknown;
        readonly tool?: { readonly name: string } | undefined;
      }
    | undefined;
}
