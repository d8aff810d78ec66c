/**
 * What an account may be asked to run, from the configuration and the compiled facts.
 *
 * The answer is as wide as the widest residency and no wider: a profile that no configured residency allows from a
 * source region is left out, so that IAM refuses what the gateway must not send. Plain ids are taken in every region
 * that the account serves, offered there or not: a model that appears there tomorrow needs no new deployment. A
 * profile that the facts do not know cannot be permitted, because nothing says where it goes.
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE, geoPrefixOf } from '../residency/reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';

export interface CallableModels {
  readonly plain: readonly { readonly modelId: string; readonly region: string }[];
  readonly profiles: readonly CallableProfile[];
}

/** A profile as called from source regions that share its destinations. */
export interface CallableProfile {
  readonly profileId: string;
  readonly modelId: string;
  readonly sources: readonly string[];
  /** Regions whose model the profile may run, sources included; only the sources for a global profile. */
  readonly modelRegions: readonly string[];
  /** True where it may run anywhere. */
  readonly global: boolean;
}

interface Question {
  /** Regions in which the account serves. */
  readonly regions: readonly string[];
  /** Model ids, or profile ids where a baseline names one. */
  readonly ids: readonly string[];
  readonly policies: readonly ResidencyPolicy[];
  readonly facts: CompiledFacts;
}

export function callableModels(question: Question): CallableModels {
  const { ids, facts } = question;
  const modelIds = ids.filter((id) => facts.sourcesOf(id).length === 0);
  const plain = modelIds.flatMap((modelId) =>
    question.regions
      .filter((region) => allowed({ region, scope: 'in-region', modelId, reach: [region] }, question))
      .map((region) => ({ modelId, region })),
  );
  return { plain, profiles: callableProfiles(question, modelIds) };
}

function callableProfiles(question: Question, modelIds: readonly string[]): readonly CallableProfile[] {
  const groups = new Map<string, CallableProfile>();
  for (const call of profileCalls(question, modelIds)) {
    const key = `${call.profileId} ${call.global ? EVERYWHERE : call.modelRegions.join()}`;
    const group = groups.get(key);
    groups.set(key, group === undefined ? call : merged(group, call));
  }
  return [...groups.values()];
}

/** Every lawful pair of profile and source region. */
function profileCalls(question: Question, modelIds: readonly string[]): readonly CallableProfile[] {
  const { ids, regions, facts } = question;
  const named = ids.filter((id) => !modelIds.includes(id));
  return regions.flatMap((source) => {
    const known = modelIds.flatMap((modelId) => facts.profilesFor(modelId, source));
    const profileIds = new Set([...known, ...named.filter((id) => facts.sourcesOf(id).includes(source))]);
    return [...profileIds].sort().flatMap((profileId) => profileCall(question, profileId, source));
  });
}

function profileCall(question: Question, profileId: string, source: string): readonly CallableProfile[] {
  const reach = question.facts.destinationsOf(profileId, source);
  if (reach === undefined) return [];
  const global = reach.includes(EVERYWHERE);
  const modelId = profileId.slice(geoPrefixOf(profileId).length + 1);
  const scope = global ? 'global' : 'geo';
  if (!allowed({ region: source, scope, modelId, profileId, reach }, question)) return [];
  const modelRegions = global ? [source] : [...new Set([...reach, source])].sort();
  return [{ profileId, modelId, sources: [source], modelRegions, global }];
}

function merged(group: CallableProfile, call: CallableProfile): CallableProfile {
  return {
    ...group,
    sources: [...group.sources, ...call.sources],
    modelRegions: [...new Set([...group.modelRegions, ...call.modelRegions])].sort(),
  };
}

type Subject = Parameters<typeof judgeReach>[0]['target'];

/** Allowed by one residency at least. */
function allowed(target: Subject, { policies, facts }: Question): boolean {
  return policies.some((policy) => judgeReach({ policy, target, facts }).lawful);
}
