/** Inference profiles: one target each in every region that lists it, with the reach that this region's ARNs tell. */
import { EVERYWHERE, geoPrefixOf, reachFromModelArns } from '../residency/reach.ts';
import { type Scope, targetId } from '../target.ts';
import { type ListedState, stateOfListed } from './access.ts';
import type { ProfileListing } from './answers.ts';
import { judgeAbsence } from './judge-absence.ts';
import type { Observation } from './observation.ts';
import { keepLastKnown, type RunContext, sinceOf } from './run-context.ts';

const GLOBAL_PREFIX = 'global';

export function observeProfiles(context: RunContext): readonly Observation[] {
  const { answers, profilesFailure } = context;
  const known = [...context.previousById.values()].filter((each) => each.profileId !== undefined);
  if (!answers.profiles.ok || profilesFailure !== undefined) {
    return known.map((previous) => keepLastKnown(previous, profilesFailure ?? 'list-failed'));
  }
  const byId = new Map(answers.profiles.value.map((row) => [row.profileId, row]));
  const listed = [...byId.values()].map((row) => observeListed(context, row));
  const absent = known
    .filter((previous) => !byId.has(previous.profileId ?? ''))
    .flatMap((previous) => observeAbsent(context, previous) ?? []);
  return [...listed, ...absent];
}

function observeAbsent(context: RunContext, previous: Observation): Observation | undefined {
  const access = context.accessOf(previous.modelId);
  return judgeAbsence({
    previous,
    access,
    nowTime: context.nowTime,
    at: context.at,
    availabilitySpeaks: false,
  });
}

function observeListed(context: RunContext, row: ProfileListing): Observation {
  const { account, region, at } = context;
  const id = targetId({ account, region, profileId: row.profileId });
  const previous = context.previousById.get(id);
  const modelId = modelIdOf(row, previous);
  const { reach, reasons: reachReasons, known } = reachOf(row, region, previous);
  const model = modelFactsOf(context, modelId, previous);
  const judged = judgeListed(context, { row, modelId, lifecycle: model.lifecycle, previous });
  const stale = judged.stale || !known;
  return {
    id,
    account,
    region,
    kind: 'bedrock',
    scope: scopeOf(row.profileId, reach, region),
    modelId,
    profileId: row.profileId,
    state: judged.state,
    reasons: [...judged.reasons, ...reachReasons],
    reach,
    ...model,
    since: sinceOf(previous, judged.state, at),
    observedAt: stale && previous !== undefined ? previous.observedAt : at,
    stale,
    absentLists: 0,
    ...(judged.goneEvidence === undefined ? {} : { goneEvidence: judged.goneEvidence }),
  };
}

function judgeListed(
  context: RunContext,
  options: {
    readonly row: ProfileListing;
    readonly modelId: string;
    readonly lifecycle: string;
    readonly previous: Observation | undefined;
  },
): ListedState {
  const { row, modelId, lifecycle, previous } = options;
  if (row.status !== 'ACTIVE') {
    return {
      state: 'not-offered',
      reasons: [`profile-status-${row.status.toLowerCase()}`],
      stale: false,
    };
  }
  return stateOfListed({ access: context.accessOf(modelId), lifecycle, previous });
}

/** A profile's modalities and lifecycle are those of its base model, from this run's list or from the last good one. */
function modelFactsOf(
  context: RunContext,
  modelId: string,
  previous: Observation | undefined,
): Pick<Observation, 'lifecycle' | 'endOfLifeTime' | 'inputModalities' | 'outputModalities' | 'streaming'> {
  const { account, region } = context;
  const plain = context.previousById.get(targetId({ account, region, modelId }));
  const source = context.listedModels?.get(modelId) ?? previous ?? plain;
  if (source === undefined) return { lifecycle: 'UNKNOWN' };
  const { lifecycle, endOfLifeTime, inputModalities, outputModalities, streaming } = source;
  return {
    lifecycle,
    ...(endOfLifeTime === undefined ? {} : { endOfLifeTime }),
    ...(inputModalities === undefined ? {} : { inputModalities }),
    ...(outputModalities === undefined ? {} : { outputModalities }),
    ...(streaming === undefined ? {} : { streaming }),
  };
}

/** The base model, from the ARNs; where they say nothing, what was known, else the id without its prefix. */
function modelIdOf(row: ProfileListing, previous: Observation | undefined): string {
  for (const arn of row.modelArns) {
    const [, modelId] = arn.split('foundation-model/');
    if (modelId !== undefined && modelId !== '') return modelId;
  }
  return previous?.modelId ?? row.profileId.slice(geoPrefixOf(row.profileId).length + 1);
}

/**
 * A destination list never changed in half a year of scans except from full to empty and back, which was a failed
 * detail call. So an unreadable list keeps the last full reach; without one the reach is unknown and unlawful.
 */
function reachOf(
  row: ProfileListing,
  sourceRegion: string,
  previous: Observation | undefined,
): { readonly reach: readonly string[]; readonly reasons: readonly string[]; readonly known: boolean } {
  if (geoPrefixOf(row.profileId) === GLOBAL_PREFIX) return { reach: [EVERYWHERE], reasons: [], known: true };
  const reach = reachFromModelArns({ sourceRegion, modelArns: row.modelArns });
  if (reach === undefined) return { reach: previous?.reach ?? [], reasons: ['reach-unknown'], known: false };
  return { reach, reasons: [], known: true };
}

function scopeOf(profileId: string, reach: readonly string[], region: string): Scope {
  if (reach.includes(EVERYWHERE) || geoPrefixOf(profileId) === GLOBAL_PREFIX) return 'global';
  return reach.length === 1 && reach[0] === region ? 'in-region' : 'geo';
}
