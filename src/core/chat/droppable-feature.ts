/** What of a chat a target can be called without: the closed list, and how each is left out. */
import type { ChatFeature, ChatRequest } from './chat-request.ts';
import { withoutCachePoints } from './without-cache-points.ts';
import { withoutStrictTools } from './without-strict-tools.ts';

/**
 * Cache points change an answer's price alone. Strictness is a promise about the form of calls that models keep mostly by
 * themselves, and clients ask for it unasked: a refusal would keep them from every model without it. It is never silent.
 */
export const droppableFeatures = ['prompt-caching', 'strict-tools'] as const satisfies readonly ChatFeature[];

export type DroppableFeature = (typeof droppableFeatures)[number];

const without: Readonly<Record<DroppableFeature, (request: ChatRequest) => ChatRequest>> = {
  'prompt-caching': withoutCachePoints,
  'strict-tools': withoutStrictTools,
};

export function isDroppable(feature: ChatFeature): feature is DroppableFeature {
  return (droppableFeatures as readonly ChatFeature[]).includes(feature);
}

/** @param dropped nothing where absent: the request itself is given back */
export function withoutFeatures(
  request: ChatRequest,
  dropped: readonly DroppableFeature[] | undefined,
): ChatRequest {
  return (dropped ?? []).reduce((left, feature) => without[feature](left), request);
}
