import type { ChatFeature, ChatRequest, ContentBlock, ToolResultContent } from './chat-request.ts';

/** Streaming is not among them: how a target is called is the gateway's own choice. */
export function chatFeatures(request: ChatRequest): readonly ChatFeature[] {
  const { messages, system, tools } = request;
  const parts: (ContentBlock | ToolResultContent)[] = [];
  for (const { content } of messages) {
    for (const block of content) {
      parts.push(block);
      if ('toolResult' in block) for (const part of block.toolResult.content) parts.push(part);
    }
  }
  const toolTurns = parts.some((part) => 'toolUse' in part || 'toolResult' in part);
  const cached =
    system.some((block) => 'cachePoint' in block) ||
    parts.some((part) => 'cachePoint' in part) ||
    tools?.specifications.some(({ cachePoint }) => cachePoint !== undefined) === true;
  const used: Readonly<Partial<Record<ChatFeature, boolean>>> = {
    tools: tools !== undefined || toolTurns,
    'tool-choice': tools?.choice.kind === 'any' || tools?.choice.kind === 'tool',
    'parallel-tools': messages.some(
      ({ content }) => content.filter((block) => 'toolUse' in block).length > 1,
    ),
    'forbidden-tools': forbidsTools(request),
    'strict-tools': tools?.specifications.some(({ strict }) => strict === true) === true,
    images: parts.some((part) => 'image' in part || ('bedrock' in part && part.bedrock.modality === 'IMAGE')),
    documents: parts.some((part) => 'document' in part),
    videos: parts.some((part) => 'bedrock' in part && part.bedrock.modality === 'VIDEO'),
    'system-prompts': system.some((block) => !('cachePoint' in block)),
    'prompt-caching': cached,
    'assistant-prefix': request.continuesAssistant === true,
  };
  const features: ChatFeature[] = [];
  for (const feature in used)
    if (used[feature as ChatFeature] === true) features.push(feature as ChatFeature);
  return features;
}

/** A JSON answer may have to come by a tool: then that one is forced, and needs nobody's word against the others. */
export function forbidsTools({ tools, responseFormat }: ChatRequest): boolean {
  return tools?.choice.kind === 'none' && responseFormat === undefined;
}
