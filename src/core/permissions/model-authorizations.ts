/** What IAM is asked when a model is called, and where: each question can be refused, and then the call fails. */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import type { CallableModels } from './callable-models.ts';
import type { AuthorizedCall } from './match-statement.ts';

/** How AWS names the region of a call that a global profile sends anywhere; the ARN of its model then has none. */
export const UNSPECIFIED_REGION = 'unspecified';

/** A profile, or a plain model id, as called in one region. */
export interface ModelCallWay {
  /** What the request names. */
  readonly id: string;
  readonly modelId: string;
  /** Where it is called. */
  readonly source: string;
  /** Where it may run; `*` for anywhere. */
  readonly reach: readonly string[];
}

/** The lawful ways of an account, by id and source. */
export function callWays({ plain, profiles }: CallableModels, facts: CompiledFacts): readonly ModelCallWay[] {
  return [
    ...plain.map(({ modelId, region }) => ({ id: modelId, modelId, source: region, reach: [region] })),
    ...profiles.flatMap(({ profileId, modelId, sources }) =>
      sources.map((source) => ({
        id: profileId,
        modelId,
        source,
        reach: facts.destinationsOf(profileId, source) ?? [],
      })),
    ),
  ];
}

/** Every question, with the region that it is about. */
export function authorizationsOf(
  way: ModelCallWay,
  caller: { readonly account: string; readonly roleArn?: string | undefined },
): readonly (AuthorizedCall & { readonly region: string })[] {
  const { id, modelId, source, reach } = way;
  const isProfile = id !== modelId;
  const profileArn = `arn:aws:bedrock:${source}:${caller.account}:inference-profile/${id}`;
  const ask = (resource: string, region: string, profile: string | null) => ({
    action: 'bedrock:InvokeModel',
    resource,
    region,
    context: {
      'aws:requestedregion': region,
      'aws:principalaccount': caller.account,
      'bedrock:inferenceprofilearn': profile,
      ...(caller.roleArn === undefined ? {} : { 'aws:principalarn': caller.roleArn }),
    },
  });
  const model = (region: string) => `arn:aws:bedrock:${region}::foundation-model/${modelId}`;
  if (!isProfile) return [ask(model(source), source, null)];
  const destinations = [...new Set([source, ...reach])].filter((region) => region !== EVERYWHERE);
  return [
    ask(profileArn, source, null),
    ...destinations.map((region) => ask(model(region), region, profileArn)),
    ...(reach.includes(EVERYWHERE) ? [ask(model(''), UNSPECIFIED_REGION, profileArn)] : []),
  ];
}
