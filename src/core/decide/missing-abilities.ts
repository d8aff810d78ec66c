/** What a chat needs and a target is known to lack. The one table that the capability filter and its trail read. */
import type { ChatFeature, ChatNeeds } from '../chat/chat-request.ts';
import type { Target } from '../target.ts';
import { openJsonWays } from './json-way.ts';

/** What a caller is told: a feature that a target could refuse too, or a need that no target says anything of. */
export type MissingAbility =
  | ChatFeature
  | 'bedrock'
  | 'anthropic'
  | 'thought-budget'
  | 'thought-room'
  | 'effort'
  | 'input-modality'
  | 'text-answer'
  | 'json-answer'
  | 'service-tier'
  | 'prompt-words'
  | 'token-count'
  | 'seed'
  | 'frequency_penalty'
  | 'presence_penalty'
  | 'logit_bias'
  | 'embedding'
  | 'dimensions'
  | 'normalize'
  | 'truncate';

type Lack = (target: Target, needs: ChatNeeds) => boolean;

/** Only a fact that says no counts: what is unknown is tried, and what it refuses is learned. */
const lacks: readonly (readonly [MissingAbility, Lack])[] = [
  ['bedrock', ({ kind }, { bedrockOnly }) => bedrockOnly && kind !== 'bedrock'],
  ['anthropic', (target, { anthropicOnly }) => anthropicOnly && !isAnthropic(target)],
  ['forbidden-tools', (target, { forbidsTools }) => forbidsTools && !canForbidTools(target)],
  ['thought-budget', (target, { reasoning }) => reasoning && !takesReasoningBudget(target)],
  ['thought-room', (target, needs) => !holdsThoughts(target, needs)],
  [
    'effort',
    ({ capabilities: { reasoning } }, { effort }) => effort && reasoning?.includes('effort') === false,
  ],
  [
    'input-modality',
    ({ capabilities: { input } }, needs) =>
      input !== undefined && needs.input.some((modality) => !input.includes(modality)),
  ],
  ['input-modality', ({ container }, { input }) => container !== undefined && input.some(isNoText)],
  ['text-answer', ({ capabilities: { output } }) => output?.includes('TEXT') === false],
  // A container of TGI's own format reads one text, and no word in it that its template means something by.
  [
    'tools',
    ({ capabilities, container }, { tools }) =>
      tools && (capabilities.tools === false || container !== undefined),
  ],
  [
    'prompt-words',
    ({ container }, { brokenTemplates }) =>
      container !== undefined && brokenTemplates?.includes(container.chatTemplate) === true,
  ],
  ['json-answer', ({ container }, { anyJson }) => container !== undefined && anyJson === true],
  ['tool-choice', (target, { forcedTool }) => !canForce(target, forcedTool)],
  ['json-answer', (target, needs) => needs.jsonSchema && !canAnswerJson(target, needs)],
  [
    'service-tier',
    ({ capabilities: { serviceTiers } }, { serviceTier }) =>
      serviceTier !== undefined && serviceTiers?.includes(serviceTier) === false,
  ],
  // Converse has none of these, and of TGI's own format its reference knows two; its seeds are not negative.
  ['seed', ({ kind, container }, { sampling }) => isSeedLost(sampling?.seed, { kind, container })],
  [
    'frequency_penalty',
    ({ kind }, { sampling }) => sampling?.frequencyPenalty !== undefined && kind === 'bedrock',
  ],
  [
    'presence_penalty',
    (target, { sampling }) => sampling?.presencePenalty !== undefined && !speaksOpenAi(target),
  ],
  ['logit_bias', (target, { sampling }) => sampling?.logitBias !== undefined && !speaksOpenAi(target)],
  ['parallel-tools', lacksFeature('parallel-tools', 'parallelTools')],
  ['documents', lacksFeature('documents', 'documents')],
  ['system-prompts', lacksFeature('system-prompts', 'systemPrompts')],
];

/** Whether a fact says that the target cannot do this chat. */
export function lacksAbility(target: Target, needs: ChatNeeds): boolean {
  return lacks.some(([, lack]) => lack(target, needs));
}

/** What it lacks, by name. */
export function missingAbilities(target: Target, needs: ChatNeeds): readonly MissingAbility[] {
  return lacks.filter(([, lack]) => lack(target, needs)).map(([name]) => name);
}

function lacksFeature(feature: ChatFeature, ability: 'parallelTools' | 'documents' | 'systemPrompts'): Lack {
  return ({ capabilities }, { features }) => capabilities[ability] === false && features.includes(feature);
}

/** A container of a format of its own says which; OpenAI's is every other's. */
function speaksOpenAi({ kind, container }: Pick<Target, 'kind' | 'container'>): boolean {
  return kind !== 'bedrock' && container === undefined;
}

function isSeedLost(seed: number | undefined, target: Pick<Target, 'kind' | 'container'>): boolean {
  if (seed === undefined || speaksOpenAi(target)) return false;
  return target.kind === 'bedrock' || seed < 0;
}

function isNoText(modality: string): boolean {
  return modality !== 'TEXT';
}

function canForce({ capabilities }: Target, kind: ChatNeeds['forcedTool']): boolean {
  if (kind === undefined) return true;
  return (kind === 'any' ? capabilities.toolChoiceAny : capabilities.toolChoiceNamed) !== false;
}

/** On Bedrock there are two ways to JSON, and it is missing where both are known to be closed. */
function canAnswerJson(target: Target, needs: ChatNeeds): boolean {
  if (target.kind !== 'bedrock') return target.capabilities.jsonSchema !== false;
  return openJsonWays(target, needs).length > 0;
}

/** A budget for thoughts is a field of Anthropic's models, and not of all; others think by other names, or unasked. */
function takesReasoningBudget(target: Target): boolean {
  if (!isAnthropic(target)) return false;
  return target.capabilities.reasoning?.includes('budget') ?? true;
}

/** An answer is cut to what the target can write: where thoughts alone would fill that, providers refuse the call. */
function holdsThoughts({ outputTokensMax }: Target, { thinkingTokens }: ChatNeeds): boolean {
  return thinkingTokens === undefined || outputTokensMax === null || outputTokensMax > thinkingTokens;
}

/** Converse has no such choice; Anthropic's own stands beside it, and containers take OpenAI's. */
function canForbidTools(target: Target): boolean {
  return target.kind !== 'bedrock' || isAnthropic(target);
}

function isAnthropic({ kind, modelId }: Target): boolean {
  return kind === 'bedrock' && modelId.startsWith('anthropic.');
}
