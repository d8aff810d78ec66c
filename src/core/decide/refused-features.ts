/** What targets were heard to refuse, and for how long that is believed. */
import type { ChatFeature } from '../chat/chat-request.ts';
import { type DroppableFeature, isDroppable } from '../chat/droppable-feature.ts';
import type { Target } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import type { DecisionQuestion } from './decision.ts';
import { featuresOfWay, type JsonWay, type JsonWayReason, openJsonWays } from './json-way.ts';
import { isCompiling } from './schema-grammars.ts';

/** Models learn new things on AWS's side, and one odd request must not take a model out for long. */
export const REFUSAL_BELIEVED_MS = 3_600_000;

type Asked = Pick<DecisionQuestion, 'needs' | 'conditions' | 'at'>;

/**
 * A model refuses wherever it is called; of a container only the one that spoke is known. Structured outputs that a model
 * is known to have were seen to be refused in one account and region alone (vercel/ai #19988, hindsight #3300).
 */
export function refusedFeatureKey(target: Target, feature: ChatFeature): string {
  const here = feature === 'native-json' && target.capabilities.jsonSchema === true;
  return `refused:${target.kind === 'bedrock' && !here ? target.modelId : target.id} ${feature}`;
}

/** The features that this work cannot do without and that this target was heard to refuse. */
export function refusedFeatures(target: Target, { needs, conditions, at }: Asked): readonly ChatFeature[] {
  if (needs.work === 'embedding' || conditions.refused.size === 0) return [];
  const asked = { needs, conditions, at };
  const ways = openJsonWays(target, needs);
  const forJson = jsonWay(target, asked) === undefined ? ways.flatMap((way) => featuresOfWay[way]) : [];
  return [...new Set([...needs.features, ...forJson])].filter(
    (feature) => !isDroppable(feature) && isRefused(target, feature, { conditions, at }),
  );
}

/** How the target is to be made to answer in JSON now; undefined where none is asked for, or no way is left. */
export function jsonWay(target: Target, asked: Asked): JsonWay | undefined {
  return jsonAnswer(target, asked)?.way;
}

/** The same, and why. */
export function jsonAnswer(
  target: Target,
  { needs, conditions, at }: Asked,
): { readonly way: JsonWay; readonly because?: JsonWayReason | undefined } | undefined {
  if (needs.work === 'embedding' || !needs.jsonSchema) return undefined;
  const open = openJsonWays(target, needs).filter((way) =>
    featuresOfWay[way].every((feature) => !isRefused(target, feature, { conditions, at })),
  );
  const [way, other] = open;
  if (way === 'native') {
    if (other === undefined) return { way, because: 'tool-closed' };
    const waits = needs.schemaCompiles === true || isCompiling(target, { needs, conditions, at });
    return waits ? { way: other, because: 'schema-compiling' } : { way };
  }
  if (way === undefined) return undefined;
  return { way, because: other === undefined ? nativeLost(target, needs.nativeJsonObstacle) : undefined };
}

/** Why a model that is known to have structured outputs makes the answer without them. */
function nativeLost({ capabilities }: Target, obstacle: string | undefined): JsonWayReason | undefined {
  if (capabilities.jsonSchema !== true) return undefined;
  return obstacle === undefined ? 'native-refused' : 'native-closed';
}

/**
 * Whether the target must be called plainly although it streams: it is known not to stream such an answer, or was heard
 * to refuse.
 */
export function isCalledPlainly(target: Target, asked: Asked): boolean {
  const { needs, conditions, at } = asked;
  if (needs.work !== 'chat' || target.capabilities.streaming === false) return false;
  const tools = needs.tools || (needs.jsonSchema && jsonWay(target, asked) !== 'native');
  return (
    (tools && target.capabilities.streamedTools === false) ||
    isRefused(target, 'streaming', { conditions, at }) ||
    (tools && isRefused(target, 'streaming-tools', { conditions, at }))
  );
}

/** The target as one that does not stream. */
export function plainly(target: Target): Target {
  return { ...target, capabilities: { ...target.capabilities, streaming: false } };
}

/**
 * Whether all targets of one make (see `Roster`) were heard to refuse the same for this work. Structured outputs may be
 * refused by one target alone.
 */
export function refusesByMake({ needs, conditions }: Pick<Asked, 'needs' | 'conditions'>): boolean {
  if (needs.work === 'embedding' || conditions.refused.size === 0) return true;
  return !needs.jsonSchema && !needs.features.includes('native-json');
}

/** What the work has, and the target is known not to have or was heard to refuse: it is called without. */
export function droppedFeatures(
  target: Target,
  { needs, conditions, at }: Asked,
): readonly DroppableFeature[] {
  if (needs.work === 'embedding') return [];
  return needs.features
    .filter(isDroppable)
    .filter((feature) => lacksDroppable(target, feature) || isRefused(target, feature, { conditions, at }));
}

/** On Bedrock strict tools and structured outputs are one ability. No fact tells who refuses cache points. */
function lacksDroppable({ kind, capabilities }: Target, feature: DroppableFeature): boolean {
  return feature === 'strict-tools' && kind === 'bedrock' && capabilities.jsonSchema === false;
}

function isRefused(
  target: Target,
  feature: ChatFeature,
  { conditions, at }: { readonly conditions: Asked['conditions']; readonly at: InstantMs },
): boolean {
  // Nearly always: a key for each target and feature would cost more than the rest of the judgement.
  if (conditions.refused.size === 0) return false;
  return (conditions.refused.get(refusedFeatureKey(target, feature)) ?? 0) > at;
}
