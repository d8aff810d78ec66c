/** A caller's own format, kept beside the canonical chat for a target that speaks the same one. */
export interface SourceBody {
  readonly format: 'openai-chat' | 'bedrock-converse';
  /** The checked body, where a target of this format can take it as it is but for what is the gateway's to say. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  /** The caller reads the answer as a stream. */
  readonly streamed: boolean;
  /** The caller wants to see usage in its stream. */
  readonly showsUsage: boolean;
}
