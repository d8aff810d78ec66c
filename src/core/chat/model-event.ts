/** What a target says, one step at a time. The canonical form of ConverseStream's events and of an OpenAI-shaped container's chunks. */

/** The provider's own words are mapped to these once; both directions use one table. */
export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'guardrail_intervened'
  | 'content_filtered'
  | 'malformed_model_output'
  | 'malformed_tool_use'
  | 'model_context_window_exceeded';

/** Exact token counts as the target reports them. `inputTokens` excludes cached tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens?: number | undefined;
  readonly cacheWriteInputTokens?: number | undefined;
}

/** What Bedrock alone tells of a call, beside its answer. */
export interface BedrockReport {
  /** The tier that served. */
  readonly serviceTier?: string | undefined;
  readonly performanceLatency?: string | undefined;
  /** How a guardrail judged, in Bedrock's own JSON. */
  readonly trace?: Readonly<Record<string, unknown>> | undefined;
}

export type ModelEvent =
  | { readonly type: 'message-start' }
  | { readonly type: 'text-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly index: number; readonly text: string }
  /** Proves a thought, when a later turn gives it back. Opaque, and no content of its own. */
  | { readonly type: 'reasoning-signature'; readonly index: number; readonly signature: string }
  /** A thought that the provider shows to nobody: opaque bytes to be given back as they are. */
  | { readonly type: 'reasoning-redacted'; readonly index: number; readonly dataBase64: string }
  | {
      readonly type: 'tool-use-start';
      readonly index: number;
      readonly toolUseId: string;
      readonly name: string;
    }
  | { readonly type: 'tool-use-delta'; readonly index: number; readonly inputJson: string }
  /** Where the text of the block comes from, in Bedrock's own JSON. No content of its own. */
  | {
      readonly type: 'citation';
      readonly index: number;
      readonly citation: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'block-stop'; readonly index: number }
  | {
      readonly type: 'message-stop';
      readonly stopReason: StopReason;
      /** What the request's `additionalModelResponseFieldPaths` asked for, where the target told it. */
      readonly additionalModelResponseFields?: unknown;
    }
  /**
   * The piece of the target's own answer that the events before it were read from, for a caller of the same format; of
   * it only what must differ was changed. An empty one comes before all events. No content of its own.
   */
  | { readonly type: 'verbatim'; readonly bytes: Uint8Array }
  /** Members of the target's answer that the canonical form has no place for, for a caller of the same format. */
  | {
      readonly type: 'own-members';
      readonly answer: Readonly<Record<string, unknown>>;
      readonly choice: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'usage'; readonly usage: Usage; readonly bedrock?: BedrockReport | undefined };

/**
 * True for the events that commit an answer: the first text, reasoning or tool delta, or the end of an empty answer.
 * Until one arrives nothing has been shown to the caller and another target may still answer.
 */
export function isContent(event: ModelEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'reasoning-redacted':
    case 'tool-use-start':
    case 'tool-use-delta':
    case 'message-stop':
      return true;
    default:
      return false;
  }
}
