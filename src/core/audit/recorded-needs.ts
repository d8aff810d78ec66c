/** What a request needs, there and back: told without its words, and made into needs that decide the same. */
import type { WorkNeeds } from '../call/work.ts';
import type { SamplingOptions } from '../chat/chat-request.ts';
import type { Roster } from '../decide/roster.ts';
import {
  needFlags,
  type RecordedChatNeeds,
  type RecordedNeeds,
  type RecordedSampling,
} from './recorded-decision.ts';

type ChatWorkNeeds = Exclude<WorkNeeds, { readonly work: 'embedding' }>;

/** In the place of a text of the caller's: that it is there decides, and what it says does not. */
export const RECORDED = 'recorded';
const OTHER = 'other';

export function recordNeeds(needs: WorkNeeds, roster: Pick<Roster, 'members'>): RecordedNeeds {
  if (needs.work === 'embedding') return withoutUndefined(embeddingMembers(needs));
  const { input, thinkingTokens, forcedTool, forcedJsonTool, brokenTemplates, inputTokensMin } = needs;
  const { work, features, serviceTier, sampling } = needs;
  const flags = needFlags.filter((flag) => needs[flag] !== undefined && needs[flag] !== false);
  return withoutUndefined({
    ...{ work, input, thinkingTokens, forcedTool, forcedJsonTool, brokenTemplates, inputTokensMin, features },
    serviceTier: serviceTier === undefined ? undefined : knownTier(serviceTier, roster),
    sampling: sampling === undefined ? undefined : samplingNames(sampling),
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
  });
}

/** Needs that no filter and no scorer tells from those that were recorded. */
export function needsRecorded(recorded: RecordedNeeds): WorkNeeds {
  if (recorded.work === 'embedding') return embeddingMembers(recorded);
  const { work, input, features, inputTokensMin } = recorded;
  const { thinkingTokens, forcedTool, forcedJsonTool, brokenTemplates, serviceTier } = recorded;
  return {
    ...{ work, input, features, inputTokensMin },
    ...{ thinkingTokens, forcedTool, forcedJsonTool, brokenTemplates, serviceTier },
    ...flagsOf(recorded),
    nativeJsonObstacle: recorded.nativeJsonObstacle === true ? RECORDED : undefined,
    jsonSchemaKey: recorded.jsonSchemaKey === true ? RECORDED : undefined,
    sampling: recorded.sampling === undefined ? undefined : samplingNamed(recorded.sampling),
  };
}

function embeddingMembers({
  work,
  dimensions,
  normalize,
  truncates,
  inputTokensMin,
}: Extract<RecordedNeeds, { readonly work: 'embedding' }>) {
  return { work, dimensions, normalize, truncates, inputTokensMin };
}

function flagsOf(recorded: RecordedChatNeeds) {
  return {
    tools: recorded.tools === true,
    documents: recorded.documents === true,
    reasoning: recorded.reasoning === true,
    jsonSchema: recorded.jsonSchema === true,
    barsJsonTool: recorded.barsJsonTool === true,
    schemaCompiles: recorded.schemaCompiles === true,
    streaming: recorded.streaming === true,
    bedrockOnly: recorded.bedrockOnly === true,
    effort: recorded.effort === true,
    forbidsTools: recorded.forbidsTools === true,
    anthropicOnly: recorded.anthropicOnly === true,
    guardrail: recorded.guardrail === true,
    pricedOtherwise: recorded.pricedOtherwise === true,
    anyJson: recorded.anyJson === true,
  } satisfies Partial<ChatWorkNeeds>;
}

/** A caller may write any: one that no candidate knows is to all of them as any other such one. */
function knownTier(tier: string, { members }: Pick<Roster, 'members'>): string {
  const isKnown = members.some(({ target }) => target.capabilities.serviceTiers?.includes(tier) === true);
  return isKnown ? tier : OTHER;
}

function samplingNames(sampling: SamplingOptions): readonly RecordedSampling[] {
  const { seed, frequencyPenalty, presencePenalty, logitBias } = sampling;
  const names: RecordedSampling[] = [];
  if (seed !== undefined) names.push(seed < 0 ? 'negative-seed' : 'seed');
  if (frequencyPenalty !== undefined) names.push('frequency-penalty');
  if (presencePenalty !== undefined) names.push('presence-penalty');
  if (logitBias !== undefined) names.push('logit-bias');
  return names;
}

function samplingNamed(names: readonly RecordedSampling[]): SamplingOptions {
  return {
    ...(names.includes('seed') ? { seed: 1 } : {}),
    ...(names.includes('negative-seed') ? { seed: -1 } : {}),
    ...(names.includes('frequency-penalty') ? { frequencyPenalty: 1 } : {}),
    ...(names.includes('presence-penalty') ? { presencePenalty: 1 } : {}),
    ...(names.includes('logit-bias') ? { logitBias: { '0': 1 } } : {}),
  };
}

function withoutUndefined<Value extends object>(value: Value): Value {
  const known = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(known) as Value;
}
