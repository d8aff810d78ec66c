/** The canonical chat as the body of Bedrock's Converse and ConverseStream. */
import type {
  BedrockOptions,
  CachePoint,
  ChatMessage,
  ChatRequest,
  ContentBlock,
  DocumentBlock,
  ImageBlock,
  SystemBlock,
  ToolChoice,
  ToolResultContent,
} from '#core/chat/chat-request.ts';

/** @param maxTokens always sent: left out, Bedrock reserves the model's maximum of the token quota */
export function converseBody(request: ChatRequest, maxTokens: number): string {
  const { system, messages, inference, tools } = request;
  return JSON.stringify({
    messages: messages.map(wireMessage),
    system: system.length === 0 ? undefined : system.map(wireSystem),
    inferenceConfig: {
      maxTokens,
      temperature: inference.temperature,
      topP: inference.topP,
      stopSequences: inference.stopSequences,
    },
    toolConfig: tools === undefined ? undefined : toolConfig(tools),
    additionalModelRequestFields: additionalFields(request),
    ...wireBedrockOptions(request.bedrock),
  });
}

function additionalFields({ reasoning, bedrock }: ChatRequest) {
  const own = bedrock?.additionalModelRequestFields;
  if (reasoning === undefined) return own;
  return { ...own, thinking: { type: 'enabled', budget_tokens: reasoning.budgetTokens } };
}

function wireBedrockOptions(options: BedrockOptions | undefined) {
  if (options === undefined) return {};
  const { guardrail, serviceTier, performanceLatency, requestMetadata } = options;
  return {
    additionalModelResponseFieldPaths: options.additionalModelResponseFieldPaths,
    requestMetadata,
    serviceTier: serviceTier === undefined ? undefined : { type: serviceTier },
    performanceConfig: performanceLatency === undefined ? undefined : { latency: performanceLatency },
    guardrailConfig:
      guardrail === undefined
        ? undefined
        : {
            guardrailIdentifier: guardrail.identifier,
            guardrailVersion: guardrail.version,
            trace: guardrail.trace,
            streamProcessingMode: guardrail.streamProcessingMode,
          },
  };
}

function wireMessage(message: ChatMessage) {
  return { role: message.role, content: message.content.map(wireBlock) };
}

function wireSystem(block: SystemBlock) {
  return 'text' in block ? { text: block.text } : wireCachePoint(block.cachePoint);
}

function wireCachePoint({ ttl }: CachePoint) {
  return { cachePoint: { type: 'default', ttl } };
}

function wireBlock(block: ContentBlock) {
  if ('toolUse' in block) {
    const { toolUseId, name, input } = block.toolUse;
    return { toolUse: { toolUseId, name, input } };
  }
  if ('toolResult' in block) {
    const { toolUseId, content, status } = block.toolResult;
    return { toolResult: { toolUseId, content: content.map(wirePart), status } };
  }
  if ('cachePoint' in block) return wireCachePoint(block.cachePoint);
  if ('reasoning' in block) {
    const { reasoning } = block;
    if ('redactedBase64' in reasoning)
      return { reasoningContent: { redactedContent: reasoning.redactedBase64 } };
    return { reasoningContent: { reasoningText: { text: reasoning.text, signature: reasoning.signature } } };
  }
  return wirePart(block);
}

function wirePart(part: ToolResultContent) {
  if ('text' in part) return { text: part.text };
  if ('json' in part) return { json: part.json };
  return 'image' in part ? wireImage(part) : wireDocument(part);
}

function wireImage({ image }: ImageBlock) {
  return { image: { format: image.format, source: { bytes: image.bytesBase64 } } };
}

function wireDocument({ document }: DocumentBlock) {
  const { format, name, source, context, citations } = document;
  return {
    document: {
      format,
      name,
      source: 'text' in source ? { text: source.text } : { bytes: source.bytesBase64 },
      context,
      citations: citations === undefined ? undefined : { enabled: citations },
    },
  };
}

function toolConfig(tools: NonNullable<ChatRequest['tools']>) {
  return {
    tools: tools.specifications.flatMap(({ name, description, inputSchema, cachePoint }) => [
      { toolSpec: { name, description, inputSchema: { json: inputSchema } } },
      ...(cachePoint === undefined ? [] : [wireCachePoint(cachePoint)]),
    ]),
    toolChoice: wireToolChoice(tools.choice),
  };
}

function wireToolChoice(choice: ToolChoice) {
  switch (choice.kind) {
    case 'auto':
      return { auto: {} };
    case 'any':
      return { any: {} };
    case 'tool':
      return { tool: { name: choice.name } };
  }
}
