/** The canonical chat as the body of Bedrock's Converse, ConverseStream and CountTokens. */
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
import { invariant } from '#core/units/invariant.ts';

/** @param maxTokens always sent: left out, Bedrock reserves the model's maximum of the token quota */
export function converseBody(request: ChatRequest, maxTokens: number): string {
  const { inference } = request;
  // Such a request needs a capability that Bedrock is known to lack: the decide stage does not let it come here.
  invariant(request.sampling === undefined, 'Converse has no sampling beyond temperature and topP');
  return JSON.stringify({
    ...wireInput(request),
    inferenceConfig: {
      maxTokens,
      temperature: inference.temperature,
      topP: inference.topP,
      stopSequences: inference.stopSequences,
    },
    ...wireBedrockOptions(request.bedrock),
    outputConfig: outputConfig(request),
    additionalModelResponseFieldPaths: responseFieldPaths(request),
  });
}

/**
 * A Converse body as its caller sent it, but for the bound on output. Written from what was checked: of a member that
 * stands there twice nobody can read the other one.
 */
export function sentConverseBody(members: Readonly<Record<string, unknown>>, maxTokens: number): string {
  const { inferenceConfig } = members;
  const given = typeof inferenceConfig === 'object' ? inferenceConfig : {};
  return JSON.stringify({ ...members, inferenceConfig: { ...given, maxTokens } });
}

/** The same chat as CountTokens takes it: without what changes no count. */
export function countTokensBody(request: ChatRequest): string {
  return JSON.stringify({ input: { converse: wireInput(request) } });
}

/** What the model reads, as against how it is to answer. */
function wireInput(request: ChatRequest) {
  const { system, messages, tools } = request;
  return {
    messages: messages.map(wireMessage),
    system: system.length === 0 ? undefined : system.map(wireSystem),
    toolConfig: tools === undefined ? undefined : toolConfig(tools, ownToolChoice(request) !== undefined),
    additionalModelRequestFields: additionalFields(request),
  };
}

function additionalFields(request: ChatRequest) {
  const { reasoning, bedrock, anthropic } = request;
  const toolChoice = ownToolChoice(request);
  const fields = {
    ...bedrock?.additionalModelRequestFields,
    ...(reasoning === undefined
      ? {}
      : { thinking: { type: 'enabled', budget_tokens: reasoning.budgetTokens } }),
    ...(anthropic?.adaptiveThinking === undefined
      ? {}
      : { thinking: { type: 'adaptive', ...anthropic.adaptiveThinking } }),
    ...(anthropic?.topK === undefined ? {} : { top_k: anthropic.topK }),
    ...(anthropic?.betas === undefined ? {} : { anthropic_beta: anthropic.betas }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
  };
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/**
 * Anthropic's own tool choice, where it is needed: Converse's knows no bound on calls and no `none`, and Bedrock refuses
 * two choices in one call (litellm #36536), and one without a type (#34347, which saw this form answered). That Bedrock
 * takes `none` nobody showed: AWS documents `any`, `auto` and `tool`, and botocore #3458 saw it refused. Such a refusal is
 * learned (`forbidden-tools`), and no call is asked for it but one whose conversation has tool results: others go without
 * tools.
 */
function ownToolChoice({ tools, anthropic }: ChatRequest) {
  const choice = tools?.choice;
  if (choice?.kind === 'none') return { type: 'none' };
  if (choice === undefined || anthropic?.singleToolCall !== true) return undefined;
  const named = choice.kind === 'tool' ? { name: choice.name } : {};
  return { type: choice.kind, ...named, disable_parallel_tool_use: true };
}

const STOP_SEQUENCE_PATH = '/stop_sequence';

function responseFieldPaths({ bedrock, tellsStopSequence }: ChatRequest): readonly string[] | undefined {
  const asked = bedrock?.additionalModelResponseFieldPaths;
  if (tellsStopSequence !== true || asked?.includes(STOP_SEQUENCE_PATH)) return asked;
  return [...(asked ?? []), STOP_SEQUENCE_PATH];
}

function wireBedrockOptions(options: BedrockOptions | undefined) {
  if (options === undefined) return {};
  const { guardrail, serviceTier, performanceLatency, requestMetadata } = options;
  return {
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

/**
 * How hard to think, and the schema of an answer in JSON. Bedrock API Reference, OutputConfig, OutputFormat and
 * JsonSchemaDefinition: the schema is a text.
 */
function outputConfig({ bedrock, responseFormat: format }: ChatRequest) {
  const effort = bedrock?.effort;
  if (format?.kind !== 'json-schema') return effort === undefined ? undefined : { effort };
  const { name, description, schema } = format;
  const jsonSchema = { schema: JSON.stringify(schema), name, description };
  return { effort, textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}

function wireMessage(message: ChatMessage) {
  return { role: message.role, content: message.content.map(wireBlock) };
}

function wireSystem(block: SystemBlock) {
  if ('bedrock' in block) return block.bedrock.member;
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
  if ('bedrock' in part) return part.bedrock.member;
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
      source: wireDocumentSource(source),
      context,
      citations: citations === undefined ? undefined : { enabled: citations },
    },
  };
}

function wireDocumentSource(source: DocumentBlock['document']['source']) {
  if ('text' in source) return { text: source.text };
  return 'texts' in source
    ? { content: source.texts.map((text) => ({ text })) }
    : { bytes: source.bytesBase64 };
}

function toolConfig(tools: NonNullable<ChatRequest['tools']>, choiceStandsElsewhere = false) {
  return {
    tools: tools.specifications.flatMap(({ name, description, inputSchema, strict, cachePoint }) => [
      { toolSpec: { name, description, inputSchema: { json: inputSchema }, strict } },
      ...(cachePoint === undefined ? [] : [wireCachePoint(cachePoint)]),
    ]),
    toolChoice: choiceStandsElsewhere ? undefined : wireToolChoice(tools.choice),
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
    case 'none':
      return undefined;
  }
}
