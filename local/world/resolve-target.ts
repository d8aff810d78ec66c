import { destinationOf, parseBedrockArn } from './arn.ts';
import { EVERYWHERE } from './facts.ts';
import { type ModelState, modelState } from './model-catalogue.ts';
import { unknownModelFact } from './unknown-model-fact.ts';
import type { World } from './world.ts';

/** A model identifier that can be called, as one account in one source region means it. */
export interface ServingTarget {
  /** Model id or profile id, never an ARN. */
  readonly id: string;
  readonly model: ModelState;
  /** False when a profile is named. */
  readonly plain: boolean;
  /** Regions that may serve the prompt; `["*"]` for everywhere. */
  readonly destinations: readonly string[];
  /** Regions that may process or store the prompt: the destinations and the source. */
  readonly reach: readonly string[];
}

export type Resolution = { readonly found: true; readonly target: ServingTarget } | { readonly found: false };

/** Who calls, and the source region. */
export interface Caller {
  readonly account: string;
  readonly region: string;
}

const NOT_FOUND: Resolution = { found: false };

/** Finds what a data-plane call names: a model id, a profile id, or the ARN of either in this very region. */
export function resolveTarget(world: World, caller: Caller, identifier: string): Resolution {
  const arn = parseBedrockArn(identifier);
  if (arn && arn.region !== caller.region) return NOT_FOUND;
  if (arn?.type === 'inference-profile' && arn.account !== caller.account) return NOT_FOUND;
  const id = arn?.id ?? identifier;
  const profile = arn?.type === 'foundation-model' ? undefined : profileTarget(world, caller, id);
  if (profile || arn?.type === 'inference-profile') return found(profile);
  return arn && arn.type !== 'foundation-model' ? NOT_FOUND : found(modelTarget(world, caller, id));
}

/** One of the regions that serve the target, the same one for the same seed. */
export function servedRegion(
  world: World,
  caller: Caller,
  { target, seed }: { readonly target: ServingTarget; readonly seed: number },
): string {
  const { modelId } = target.model.fact;
  const candidates = target.destinations.includes(EVERYWHERE)
    ? world.models.servingRegions(caller.account, modelId)
    : target.destinations.filter((region) => !world.models.state(caller.account, region, modelId)?.withdrawn);
  return candidates[seed % candidates.length] ?? caller.region;
}

function found(target: ServingTarget | undefined): Resolution {
  return target ? { found: true, target } : NOT_FOUND;
}

function profileTarget(world: World, caller: Caller, id: string): ServingTarget | undefined {
  const profile = world.profiles.state(caller.account, caller.region, id);
  if (!profile) return undefined;
  const model =
    world.models.state(caller.account, caller.region, profile.modelId) ??
    modelState(unknownModelFact(profile.modelId), undefined, undefined);
  if (model.withdrawn) return undefined;
  const named = profile.modelArns.map(destinationOf);
  const destinations = named.includes(EVERYWHERE) ? [EVERYWHERE] : named;
  const reach =
    destinations[0] === EVERYWHERE ? destinations : [...new Set([caller.region, ...named])].sort();
  return { id, model, plain: false, destinations, reach };
}

function modelTarget(world: World, caller: Caller, id: string): ServingTarget | undefined {
  const model = world.models.state(caller.account, caller.region, id);
  if (!model?.servable) return undefined;
  return { id, model, plain: true, destinations: [caller.region], reach: [caller.region] };
}
