/** What of a chat a Bedrock model would refuse although it changes no answer, left out for that model. */
import type { ChatRequest, ContentBlock, SystemBlock } from '#core/chat/chat-request.ts';
import { withoutCachePoints } from '#core/chat/without-cache-points.ts';

/** Families whose models keep what stands before a cache point. Others refuse the point. */
const cachingFamilies: readonly string[] = ['anthropic.', 'amazon.nova'];

/** @param modelId Bedrock's own id of the model, without a profile's prefix */
export function fitToModel(request: ChatRequest, modelId: string): ChatRequest {
  // Only Anthropic's models have the field that tells it.
  const telling = modelId.startsWith('anthropic.')
    ? withoutUnsignedThoughts(request)
    : { ...request, tellsStopSequence: false };
  return cachingFamilies.some((family) => modelId.startsWith(family)) ? telling : withoutCachePoints(telling);
}

/** Whether the model is to be sent anything but what its caller wrote. */
export function needsFitting(
  { system, messages, tools, tellsStopSequence }: ChatRequest,
  modelId: string,
): boolean {
  if (tellsStopSequence === true) return true;
  const blocks = messages.flatMap(({ content }) => content);
  if (modelId.startsWith('anthropic.') && blocks.some(isUnsignedThought)) return true;
  if (cachingFamilies.some((family) => modelId.startsWith(family))) return false;
  return (
    ![...system, ...blocks].every(isNoCachePoint) ||
    (tools?.specifications ?? []).some(({ cachePoint }) => cachePoint !== undefined)
  );
}

/** Anthropic's models take back only thoughts of their own, which their signature proves. */
function withoutUnsignedThoughts(request: ChatRequest): ChatRequest {
  const messages = request.messages.map((message) => ({
    ...message,
    content: message.content.filter((block) => !isUnsignedThought(block)),
  }));
  return { ...request, messages };
}

function isUnsignedThought(block: ContentBlock): boolean {
  return 'reasoning' in block && 'text' in block.reasoning && block.reasoning.signature === undefined;
}

function isNoCachePoint(block: ContentBlock | SystemBlock): boolean {
  return !('cachePoint' in block);
}
