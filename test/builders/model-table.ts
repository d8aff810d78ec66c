/** Every way to call an account's models, and whether a residency allows it: the judgement that policies must follow. */
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { configuredIds, servedRegions } from '#core/permissions/served-models.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { EVERYWHERE } from '#core/residency/reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import type { CallFacts } from '#test/builders/call-uses.ts';
import { modelCalls } from '#test/builders/platform-calls.ts';

export interface ModelWay {
  /** Such as `eu.amazon.nova-lite-v1:0 from eu-west-1`. */
  readonly name: string;
  /** The account serves the region, the model is configured, and a residency at least allows the whole reach. */
  readonly lawful: boolean;
  /** All that IAM is asked. */
  readonly calls: readonly CallFacts[];
  /** The same model on behalf of the same call, where the profile does not run. */
  readonly astray: readonly CallFacts[];
}

interface Asked {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly account: string;
  readonly modelIds: readonly string[];
  readonly regions: readonly string[];
  /** @default bedrock:InvokeModel */
  readonly action?: string;
}

/** Plain ids and every profile that the facts know, from every region asked about. */
export function modelTable(asked: Asked): readonly ModelWay[] {
  return asked.regions.flatMap((region) =>
    asked.modelIds.flatMap((modelId) => [
      wayOf(asked, { region, modelId, reach: [region] }),
      ...asked.facts.profilesFor(modelId, region).map((profileId) =>
        wayOf(asked, {
          region,
          modelId,
          profileId,
          reach: asked.facts.destinationsOf(profileId, region) ?? [],
        }),
      ),
    ]),
  );
}

interface Way {
  readonly region: string;
  readonly modelId: string;
  readonly profileId?: string;
  readonly reach: readonly string[];
}

function wayOf(asked: Asked, way: Way): ModelWay {
  const { config, facts, account } = asked;
  const { region, modelId, profileId, reach } = way;
  const scope = profileId === undefined ? 'in-region' : reach.includes(EVERYWHERE) ? 'global' : 'geo';
  const allowed = Object.entries(config.residencies).some(
    ([name, spec]) =>
      judgeReach({ policy: resolveResidency(name, spec, facts), target: { ...way, scope }, facts }).lawful,
  );
  const configured = configuredIds(config).includes(modelId);
  const action = asked.action ?? 'bedrock:InvokeModel';
  return {
    name: `${profileId ?? modelId} from ${region}`,
    lawful: allowed && configured && servedRegions(config, account).includes(region),
    calls: modelCalls({ account, ...way, action }),
    astray: profileId === undefined ? [] : astrayFrom({ account, action, ...way, profileId }, facts),
  };
}

function astrayFrom(
  call: Way & { readonly account: string; readonly action: string; readonly profileId: string },
  facts: CompiledFacts,
): readonly CallFacts[] {
  const { account, region, profileId, modelId, reach, action } = call;
  const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/${profileId}`;
  return facts.regions
    .filter((place) => place !== region && !reach.includes(place))
    .map((place) => ({
      action,
      resource: `arn:aws:bedrock:${place}::foundation-model/${modelId}`,
      context: { 'bedrock:InferenceProfileArn': profile },
    }));
}
