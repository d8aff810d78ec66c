/** The control loop in a generated world: the shipped discovery and plan over what its regions list. */
import { createMemoryMetricSink } from '#adapters/memory/memory-metric-sink.ts';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { createMemoryRefusalLedger } from '#adapters/memory/memory-refusal-ledger.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { Answer, AvailabilityAnswer, EndpointAnswer, RegionAnswers } from '#core/discovery/answers.ts';
import type { RegionObservations } from '#core/discovery/observation.ts';
import { observeRegion } from '#core/discovery/observe-region.ts';
import type { Route } from '#core/plan/route.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import { planRoutes } from '#usecases/plan/plan-routes.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { World } from './residency-world.ts';
import type { Dice } from './residency-world-dice.ts';

const ROUND_MS = 60_000;

/** Discovers and plans once or twice; answers the routes that stand then. */
export async function runControlLoop(world: World, dice: Dice, at: number): Promise<readonly Route[]> {
  const setting = controlSetting(world.config, world.facts);
  const observations = createMemoryObservationStore();
  const routes = createMemoryRouteStore();
  let now = at;
  const clock: Clock = {
    now: () => now,
    monotonicMs: () => now,
    sleep: () => Promise.resolve(),
    after: () => () => undefined,
  };
  const dependencies = {
    clock,
    observations,
    routes,
    refusals: createMemoryRefusalLedger(),
    verifications: createMemoryVerificationStore(),
    digest: cryptoDigest,
    metrics: createMemoryMetricSink(),
    log: { write: () => undefined },
  };
  const rounds = dice.chance(0.3) ? 2 : 1;
  for (let round = 0; round < rounds; round += 1) {
    for (const place of setting.accountRegions) {
      const previous = await observations.load(place.account, place.region);
      const dedicated = setting.dedicatedIn(place.account, place.region);
      const answers = answersOf(world, dice, { ...place, previous });
      await observations.save(
        observeRegion({ ...place, at: now, previous, answers, tracked: setting.tracked, dedicated }),
      );
    }
    await planRoutes(dependencies, setting);
    now += ROUND_MS;
  }
  return (await routes.loadAll()).routes;
}

/** What the APIs answer; after a first round some of them fail, come back empty or lose a profile's ARNs. */
function answersOf(
  world: World,
  dice: Dice,
  place: {
    readonly account: string;
    readonly region: string;
    readonly previous: RegionObservations | undefined;
  },
): RegionAnswers {
  const { account, region, previous } = place;
  const troubled = previous !== undefined && dice.chance(0.3);
  const trouble = <T>(value: T, empty: T): Answer<T> => {
    if (!troubled || dice.chance(0.5)) return { ok: true, value };
    return dice.chance(0.5) ? { ok: true, value: empty } : { ok: false, failure: 'ThrottlingException' };
  };
  const models = world.models.map((modelId) => ({
    modelId,
    name: modelId,
    provider: 'Test',
    inputModalities: ['TEXT'],
    outputModalities: ['TEXT'],
    streaming: true,
    inferenceTypes:
      world.plainRegions.get(modelId)?.includes(region) === true ? ['ON_DEMAND'] : ['INFERENCE_PROFILE'],
    lifecycle: dice.chance(0.9) ? 'ACTIVE' : 'LEGACY',
  }));
  const profiles = world.profiles.flatMap(({ id, listed }) => {
    const arns = listed.get(region);
    const modelArns = previous !== undefined && dice.chance(0.1) ? [] : arns;
    return modelArns === undefined
      ? []
      : [{ profileId: id, type: 'SYSTEM_DEFINED', status: 'ACTIVE', modelArns }];
  });
  const availability = new Map(world.models.map((modelId) => [modelId, availabilityOf(dice)]));
  const endpoints = new Map(
    world.endpoints
      .filter((each) => each.account === account && each.region === region)
      .map((each) => [each.endpoint, endpointAnswer(each.warmth)]),
  );
  return { models: trouble(models, []), profiles: trouble(profiles, []), availability, endpoints };
}

function availabilityOf(dice: Dice): Answer<AvailabilityAnswer | undefined> {
  if (dice.chance(0.04)) return { ok: false, failure: 'ThrottlingException' };
  const agreement = dice.chance(0.06) ? 'PENDING' : 'AVAILABLE';
  return {
    ok: true,
    value: { agreement, authorization: 'AUTHORIZED', entitlement: 'AVAILABLE', region: 'AVAILABLE' },
  };
}

function endpointAnswer(warmth: World['endpoints'][number]['warmth']): Answer<EndpointAnswer | undefined> {
  const copiesInService = warmth === 'warm' ? 2 : 0;
  const copiesDesired = warmth === 'cold' ? 0 : 2;
  return { ok: true, value: { status: 'InService', copiesInService, copiesDesired } };
}
