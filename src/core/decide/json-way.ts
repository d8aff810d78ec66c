/** How a target of Bedrock is made to answer in JSON: by its own structured outputs, or by a tool that it must call. */
import type { ChatFeature, ChatNeeds } from '../chat/chat-request.ts';
import type { Target } from '../target.ts';

export type JsonWay = 'native' | 'tool';

/**
 * Why this way, where it is not the only one of the model by what is known, and first. `native-closed`: structured
 * outputs cannot make this call's answer. `native-refused`: the target refused them. `schema-compiling`: Bedrock still
 * compiles the schema. `tool-closed`: no tool can be forced, and only structured outputs are left.
 */
export type JsonWayReason = 'native-closed' | 'native-refused' | 'schema-compiling' | 'tool-closed';

/**
 * Models whose own structured outputs are asked for only where a tool cannot make the JSON: seen to fill an answer with
 * blanks up to its bound, silently (vercel/ai #17881).
 */
const toolFirst: readonly string[] = ['anthropic.claude-sonnet-4-6'];

/**
 * The ways that no fact closes, best first. Structured outputs go first where the model is known to have them. Where
 * nobody knows, a tool does: every model that can be forced takes it.
 */
export function openJsonWays(target: Target, needs: ChatNeeds): readonly JsonWay[] {
  if (!needs.jsonSchema || target.kind !== 'bedrock') return [];
  const { jsonSchema } = target.capabilities;
  const ways: JsonWay[] =
    needs.barsJsonTool !== true && canMakeJson(target, needs.forcedJsonTool) ? ['tool'] : [];
  // A tool that the caller itself forces is the answer.
  if (needs.forcedJsonTool === undefined || needs.nativeJsonObstacle !== undefined || jsonSchema === false)
    return ways;
  const toolGoesFirst =
    jsonSchema === undefined || toolFirst.some((prefix) => target.modelId.startsWith(prefix));
  return toolGoesFirst ? [...ways, 'native'] : ['native', ...ways];
}

/** Whether the model can be made to call the tool whose input is the answer. */
function canMakeJson({ capabilities }: Target, forced: ChatNeeds['forcedJsonTool']): boolean {
  const { tools, toolChoiceAny, toolChoiceNamed } = capabilities;
  if (tools === false) return false;
  if (forced === 'sole') return toolChoiceNamed !== false || toolChoiceAny !== false;
  if (forced === undefined) return true;
  return (forced === 'any' ? toolChoiceAny : toolChoiceNamed) !== false;
}

/** What a target may turn out to refuse of a way. */
export const featuresOfWay: Readonly<Record<JsonWay, readonly ChatFeature[]>> = {
  native: ['native-json'],
  tool: ['tools', 'tool-choice'],
};
