import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { quotaPoolOf, type Scope, type Target, targetId } from '../target.ts';

/** One baseline entry with its account settled. */
export interface EntryQuestion {
  /** Base model ids in order of preference. */
  readonly candidates: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly policy: ResidencyPolicy;
  readonly facts: CompiledFacts;
  /** A model or profile id to use as it stands. @default - the first candidate that resolves */
  readonly id?: string | undefined;
}

export type EntryResolution =
  | { readonly resolved: true; readonly target: Target }
  | { readonly resolved: false; readonly why: string };

/** One way to call a model in a region. */
interface Option {
  readonly modelId: string;
  readonly profileId?: string;
  readonly scope: Scope;
  readonly reach: readonly string[];
}

const MODEL_LEGACY = 'LEGACY';

/** The target of an entry from the facts alone, or a sentence that says why there is none. */
export function resolveEntry(question: EntryQuestion): EntryResolution {
  if (question.id !== undefined) return resolveNamed(question, question.id);
  const refusals: string[] = [];
  for (const modelId of question.candidates) {
    const resolution = resolveModel(question, modelId);
    if (resolution.resolved) return resolution;
    refusals.push(resolution.why);
  }
  return {
    resolved: false,
    why: refusals.length === 0 ? 'the model has no candidates' : refusals.join('; '),
  };
}

function resolveModel(question: EntryQuestion, modelId: string): EntryResolution {
  const { facts, region } = question;
  const options = [...plainOptions(facts, modelId, region), ...profileOptions(facts, modelId, region)];
  return resolveOptions(question, modelId, options);
}

function resolveNamed(question: EntryQuestion, id: string): EntryResolution {
  const { facts, region } = question;
  const modelId = facts.modelOfProfile(id) ?? id;
  const options =
    modelId === id
      ? plainOptions(facts, id, region)
      : profileOptions(facts, modelId, region).filter((option) => option.profileId === id);
  if (options.length > 0) return resolveOptions(question, modelId, options);
  if (facts.lifecycleOf(modelId) === undefined)
    return { resolved: false, why: `the facts do not know ${id}` };
  return { resolved: false, why: `${id} is not known to be callable in ${region}` };
}

/** Plain before geographic before global, the smaller reach first: the least that does the work. */
function resolveOptions(
  question: EntryQuestion,
  modelId: string,
  options: readonly Option[],
): EntryResolution {
  const { facts, policy, region } = question;
  const lifecycle = facts.lifecycleOf(modelId);
  if (lifecycle === undefined) return { resolved: false, why: `the facts do not know ${modelId}` };
  if (lifecycle === MODEL_LEGACY)
    return { resolved: false, why: `${modelId} is LEGACY and can lock when it is idle` };
  if (options.length === 0) return { resolved: false, why: `${modelId} is not offered in ${region}` };
  const outside = new Set<string>();
  for (const option of options) {
    const verdict = judgeReach({ policy, target: { ...option, region }, facts });
    if (verdict.lawful) return { resolved: true, target: baselineTarget(question, option, verdict.reach) };
    for (const offender of verdict.offending) outside.add(offender);
  }
  return {
    resolved: false,
    why: `${modelId} from ${region} ${reachText(outside)}, outside the residency ${policy.name}`,
  };
}

/** Regions say more than "everywhere", so the global profile speaks only where it is the only way. */
function reachText(outside: ReadonlySet<string>): string {
  const regions = [...outside].filter((region) => region !== EVERYWHERE).sort();
  if (regions.length > 0) return `reaches ${regions.join(', ')}`;
  return outside.has(EVERYWHERE) ? 'reaches every region' : 'has an unknown reach';
}

function plainOptions(facts: CompiledFacts, modelId: string, region: string): readonly Option[] {
  return facts.plainOffered(modelId, region) ? [{ modelId, scope: 'in-region', reach: [region] }] : [];
}

function profileOptions(facts: CompiledFacts, modelId: string, region: string): readonly Option[] {
  const options = facts.profilesFor(modelId, region).map((profileId): Option => {
    const reach = facts.destinationsOf(profileId, region) ?? [];
    return { modelId, profileId, reach, scope: reach.includes(EVERYWHERE) ? 'global' : 'geo' };
  });
  return options.sort((left, right) => breadth(left) - breadth(right));
}

function breadth(option: Option): number {
  return option.scope === 'global' ? Number.POSITIVE_INFINITY : option.reach.length;
}

function baselineTarget(question: EntryQuestion, option: Option, reach: readonly string[]): Target {
  const { account, region, facts, candidates } = question;
  const { modelId, profileId, scope } = option;
  const position = candidates.indexOf(modelId);
  const address = { account, region, modelId, ...(profileId === undefined ? {} : { profileId }) };
  const endOfLifeTime = facts.endOfLifeTimeOf(modelId);
  return {
    id: targetId(address),
    ...address,
    kind: 'bedrock',
    scope,
    position: position === -1 ? candidates.length : position,
    reach,
    state: 'available',
    lifecycle: facts.lifecycleOf(modelId) ?? '',
    ...(endOfLifeTime === undefined ? {} : { endOfLifeTime }),
    ...facts.capabilitiesOf(modelId),
    pricing: facts.priceOf(modelId, { scope, region, profileId }) ?? null,
    quotaPool: quotaPoolOf({ account, region, modelId, scope, profileId }),
  };
}
