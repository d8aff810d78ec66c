/** What a chat uses that a target may turn out not to have: known from the request alone, refused in words. */
import type { ChatRequest } from './chat-request.ts';

export type ChatFeature =
  | 'tools'
  /** Any answer but the model's own choice: a forced call. */
  | 'tool-choice'
  | 'images'
  | 'documents'
  | 'videos'
  | 'system-prompts'
  | 'prompt-caching'
  /** The answer goes on where the assistant's last message ends. */
  | 'assistant-prefix'
  /** A target without it is called plainly. */
  | 'streaming'
  | 'streaming-tools';

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
    'tool-choice': tools !== undefined && tools.choice.kind !== 'auto',
    images: parts.some((part) => 'image' in part || ('bedrock' in part && part.bedrock.modality === 'IMAGE')),
    documents: parts.some((part) => 'document' in part),
    videos: parts.some((part) => 'bedrock' in part && part.bedrock.modality === 'VIDEO'),
    'system-prompts': system.some((block) => !('cachePoint' in block)),
    'prompt-caching': cached,
    'assistant-prefix': request.continuesAssistant === true,
  };
  return (Object.keys(used) as ChatFeature[]).filter((feature) => used[feature] === true);
}
