/** Plain model ids: what ListFoundationModels names, what it named before, and what the configuration asks for. */
import { targetId } from '../target.ts';
import { stateOfListed } from './access.ts';
import type { ModelListing } from './answers.ts';
import { ABSENT_LISTS_MAX, judgeAbsence } from './judge-absence.ts';
import type { Observation } from './observation.ts';
import { keepLastKnown, type RunContext, sinceOf } from './run-context.ts';

export function observeModels(context: RunContext): readonly Observation[] {
  const { listedModels, modelsFailure, tracked } = context;
  const known = [...context.previousById.values()].filter(isPlain);
  if (listedModels === undefined) {
    const kept = known.map((previous) => keepLastKnown(previous, modelsFailure ?? 'list-failed'));
    const knownIds = new Set(known.map((each) => each.modelId));
    const unheard = [...tracked].filter((modelId) => !knownIds.has(modelId));
    return [...kept, ...unheard.map((modelId) => unheardOf(context, modelId))];
  }
  const listed = [...listedModels.values()].map((row) => observeListed(context, row));
  const absent = known
    .filter((previous) => !listedModels.has(previous.modelId))
    .flatMap((previous) => observeAbsent(context, previous) ?? []);
  const seen = new Set([...listed, ...absent].map((each) => each.modelId));
  const missing = [...tracked].filter((modelId) => !seen.has(modelId));
  return [...listed, ...absent, ...missing.map((modelId) => neverListed(context, modelId))];
}

function isPlain(observation: Observation): boolean {
  return observation.kind === 'bedrock' && observation.profileId === undefined;
}

function observeListed(context: RunContext, row: ModelListing): Observation {
  const { account, region, at } = context;
  const id = targetId({ account, region, modelId: row.modelId });
  const previous = context.previousById.get(id);
  const judged = stateOfListed({
    access: context.accessOf(row.modelId),
    lifecycle: row.lifecycle,
    previous,
  });
  // A plain id that no on-demand call can use; only the region's own "not offered" says more.
  const profileOnly = !row.inferenceTypes.includes('ON_DEMAND') && judged.state !== 'not-offered';
  const state = profileOnly ? 'profile-only' : judged.state;
  return {
    ...identityOf(context, row.modelId),
    state,
    reasons: profileOnly
      ? [`inference-types-${spellTypes(row.inferenceTypes)}`, ...judged.reasons]
      : judged.reasons,
    lifecycle: row.lifecycle,
    ...(row.endOfLifeTime === undefined ? {} : { endOfLifeTime: row.endOfLifeTime }),
    inputModalities: row.inputModalities,
    outputModalities: row.outputModalities,
    ...(row.streaming === undefined ? {} : { streaming: row.streaming }),
    since: sinceOf(previous, state, at),
    observedAt: judged.stale && previous !== undefined ? previous.observedAt : at,
    stale: judged.stale && !profileOnly,
    absentLists: 0,
    ...(judged.goneEvidence === undefined ? {} : { goneEvidence: judged.goneEvidence }),
  };
}

function spellTypes(types: readonly string[]): string {
  return types.length === 0 ? 'none' : types.map((type) => type.toLowerCase().replaceAll('_', '-')).join('+');
}

function observeAbsent(context: RunContext, previous: Observation): Observation | undefined {
  if (previous.reasons.includes('not-listed')) return neverListed(context, previous.modelId, previous);
  const access = context.accessOf(previous.modelId);
  return judgeAbsence({
    previous,
    access,
    nowTime: context.nowTime,
    at: context.at,
    availabilitySpeaks: true,
  });
}

/** A tracked model that this region never listed: shown, so that a gap has a reason. Three good lists are evidence. */
function neverListed(context: RunContext, modelId: string, previous?: Observation): Observation {
  const absentLists = Math.min((previous?.absentLists ?? 0) + 1, ABSENT_LISTS_MAX);
  return {
    ...identityOf(context, modelId),
    state: 'not-offered',
    reasons: ['not-listed'],
    lifecycle: 'UNKNOWN',
    since: sinceOf(previous, 'not-offered', context.at),
    observedAt: context.at,
    stale: false,
    absentLists,
    ...(absentLists === ABSENT_LISTS_MAX ? { goneEvidence: 'three-lists' } : {}),
  };
}

/** A tracked model in a region whose list has never been read. */
function unheardOf(context: RunContext, modelId: string): Observation {
  return {
    ...identityOf(context, modelId),
    state: 'unknown',
    reasons: [context.modelsFailure ?? 'list-failed'],
    lifecycle: 'UNKNOWN',
    since: context.at,
    observedAt: context.at,
    stale: true,
    absentLists: 0,
  };
}

type Identity = Pick<Observation, 'id' | 'account' | 'region' | 'kind' | 'scope' | 'modelId' | 'reach'>;

function identityOf({ account, region }: RunContext, modelId: string): Identity {
  return {
    id: targetId({ account, region, modelId }),
    account,
    region,
    kind: 'bedrock',
    scope: 'in-region',
    modelId,
    reach: [region],
  };
}
