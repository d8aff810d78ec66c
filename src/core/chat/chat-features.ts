import type { ChatFeature, ChatRequest } from './chat-request.ts';

/** Streaming is not among them: how a target is called is the gateway's own choice. */
export function chatFeatures(request: ChatRequest): readonly ChatFeature[] {
  const { messages, system, tools } = request;
  const blocks = messages.flatMap(({ content }) => content);
  const parts = [
    ...blocks,
    ...blocks.flatMap((block) => ('toolResult' in block ? block.toolResult.content : [])),
  ];
  const toolTurns = blocks.some((block) => 'toolUse' in block || 'toolResult' in block);
  const cached =
    [...system, ...blocks].some((block) => 'cachePoint' in block) ||
    (tools?.specifications ?? []).some(({ cachePoint }) => cachePoint !== undefined);
  const used: Readonly<Partial<Record<ChatFeature, boolean>>> = {
    tools: tools !== undefined || toolTurns,
    'tool-choice': tools?.choice.kind === 'any' || tools?.choice.kind === 'tool',
    'parallel-tools': messages.some(
      ({ content }) => content.filter((block) => 'toolUse' in block).length > 1,
    ),
    'forbidden-tools': forbidsTools(request),
    images: parts.some((part) => 'image' in part || ('bedrock' in part && part.bedrock.modality === 'IMAGE')),
    documents: parts.some((part) => 'document' in part),
    videos: parts.some((part) => 'bedrock' in part && part.bedrock.modality === 'VIDEO'),
    'system-prompts': system.some((block) => !('cachePoint' in block)),
    'prompt-caching': cached,
    'assistant-prefix': request.continuesAssistant === true,
  };
  return (Object.keys(used) as ChatFeature[]).filter((feature) => used[feature] === true);
}

/** A JSON answer may have to come by a tool: then that one is forced, and needs nobody's word against the others. */
export function forbidsTools({ tools, responseFormat }: ChatRequest): boolean {
  return tools?.choice.kind === 'none' && responseFormat === undefined;
}
