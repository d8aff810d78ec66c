/** A service control policy that denies what no residency allows, for the accounts that serve these residencies. */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE, geoPrefixOf } from '../residency/reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { UNSPECIFIED_REGION } from './model-authorizations.ts';

/** What AWS Organizations takes in one policy. */
export const SERVICE_CONTROL_CHARACTERS_MAX = 5_120;

export interface ServiceControlPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Deny';
    readonly Action: readonly string[];
    readonly Resource: '*' | readonly string[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

/**
 * All of Bedrock but `Get*` and `List*`, by first letters, so that an action that AWS adds tomorrow is in: IAM has no
 * "these but those" within one service, and `NotAction` would speak of every other service too.
 */
const BEDROCK_DEEDS = [...'ABCDEFHIJKMNOPQRSTUVWXYZ', 'Gen'].map((start) => `bedrock:${start}*`);

/** All by which a prompt reaches a model; `InvokeModel` stands for Converse too. Nobody is excepted from these. */
const PROMPT_ACTIONS = [...BEDROCK_DEEDS, 'bedrock-mantle:*', 'sagemaker:InvokeEndpoint*'];

/** What discovery reads stands among these; a role that anybody may name as discovery's gets nothing by it but reads. */
const ALL_ACTIONS = ['bedrock:*'];

const INVOKE_ACTIONS = ['bedrock:InvokeModel*'];

/**
 * Undefined where a residency has no bounds: there is nothing to deny.
 *
 * Three walls: no call that may run anywhere; no prompt outside the regions of the residencies; and no profile that stays
 * inside those regions together and yet inside no single residency. It says nothing of other services, and takes the
 * place of no region deny of the organization.
 */
export function residencyPolicy(question: {
  readonly residencies: readonly ResidencyPolicy[];
  readonly facts: CompiledFacts;
  /** Roles that only list what regions offer, which are no place of a prompt, as patterns of ARNs. */
  readonly exemptRoles: readonly string[];
}): ServiceControlPolicy | undefined {
  const { residencies, facts, exemptRoles } = question;
  if (residencies.some(({ allowed }) => allowed === 'any')) return undefined;
  const regions = [
    ...new Set(residencies.flatMap(({ allowed }) => (allowed === 'any' ? [] : [...allowed]))),
  ].sort();
  const straying = strayingProfiles(residencies, regions, facts);
  const deny = { Effect: 'Deny' } as const;
  // No region at all: then everywhere is outside.
  const outside = regions.length === 0 ? {} : { StringNotEquals: { 'aws:RequestedRegion': regions } };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Sid: 'DenyAnywhere', ...deny, Action: ['bedrock:*'], Resource: '*' },
        Condition: { StringEquals: { 'aws:RequestedRegion': UNSPECIFIED_REGION } },
      },
      {
        ...{ Sid: 'DenyGlobalProfiles', ...deny, Action: INVOKE_ACTIONS },
        Resource: ['arn:aws:bedrock:*:*:inference-profile/global.*'],
      },
      {
        ...{ Sid: 'DenyOutsideResidencies', ...deny, Action: PROMPT_ACTIONS, Resource: '*' },
        ...(regions.length === 0 ? {} : { Condition: outside }),
      },
      {
        ...{ Sid: 'DenyReadsOutsideResidencies', ...deny, Action: ALL_ACTIONS, Resource: '*' },
        Condition: { ...outside, ArnNotLike: { 'aws:PrincipalArn': exemptRoles } },
      },
      ...(straying.length === 0
        ? []
        : [{ Sid: 'DenyBetweenResidencies', ...deny, Action: INVOKE_ACTIONS, Resource: straying }]),
    ],
  };
}

/** Patterns of profiles that reach allowed regions only, but never those of one residency alone. */
function strayingProfiles(
  residencies: readonly ResidencyPolicy[],
  regions: readonly string[],
  facts: CompiledFacts,
): readonly string[] {
  return regions.flatMap((source) => {
    const profiles = profilesFrom(source, facts);
    const isStraying = new Map(
      profiles.map((id) => [id, strays(id, source, { residencies, regions, facts })]),
    );
    return [...Map.groupBy(profiles, geoPrefixOf)].flatMap(([prefix, ids]) => {
      const astray = ids.filter((id) => isStraying.get(id) === true);
      const arn = `arn:aws:bedrock:${source}:*:inference-profile/`;
      return astray.length === ids.length && ids.length > 1
        ? [`${arn}${prefix}.*`]
        : astray.map((id) => `${arn}${id}`);
    });
  });
}

function profilesFrom(source: string, facts: CompiledFacts): readonly string[] {
  return [...new Set(facts.models.flatMap((modelId) => facts.profilesFor(modelId, source)))].sort();
}

function strays(
  profileId: string,
  source: string,
  of: {
    readonly residencies: readonly ResidencyPolicy[];
    readonly regions: readonly string[];
    readonly facts: CompiledFacts;
  },
): boolean {
  const { residencies, regions, facts } = of;
  const reach = facts.destinationsOf(profileId, source) ?? [];
  // Those are denied where they would run.
  if (reach.includes(EVERYWHERE) || reach.some((region) => !regions.includes(region))) return false;
  const modelId = facts.modelOfProfile(profileId) ?? profileId;
  const target = { region: source, scope: 'geo' as const, modelId, profileId, reach };
  return !residencies.some((policy) => judgeReach({ policy, target, facts }).lawful);
}
