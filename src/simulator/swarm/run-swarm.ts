import type { SpillwayConfig } from '#contract/config.ts';
import type { Fault, SwarmScenario } from '#contract/swarm-scenario.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Target } from '#core/target.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import { Chance, type Draw } from '../engine/chance.ts';
import { amplificationJudge } from '../judges/amplification-judge.ts';
import { answerJudge } from '../judges/answer-judge.ts';
import { capacityJudge, slotsOfEndpoints } from '../judges/capacity-judge.ts';
import { deadlineJudge } from '../judges/deadline-judge.ts';
import { defectJudge } from '../judges/defect-judge.ts';
import { Bench, type Judge, type Violation } from '../judges/judge.ts';
import { onceJudge } from '../judges/once-judge.ts';
import { boundResidency, boundsOf, hasLawfulTarget, type PlacesTruth } from '../judges/places-truth.ts';
import { recoveryJudge } from '../judges/recovery-judge.ts';
import { residencyJudge } from '../judges/residency-judge.ts';
import { restJudge } from '../judges/rest-judge.ts';
import { returnJudge, UsualCollector, type UsualTargets } from '../judges/return-judge.ts';
import { statusJudge } from '../judges/status-judge.ts';
import { wakeUpJudge } from '../judges/wake-up-judge.ts';
import type { SimulatedRequest } from '../world/simulated-request.ts';
import { World } from '../world/world.ts';
import { EventLog } from './event-log.ts';
import { isDenial, isOfCalls } from './fault.ts';
import { SwarmServing } from './swarm-serving.ts';

/** What the simulator is given by whoever runs it. */
export interface SimulatorParts {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly digest: Digest;
}

export interface SwarmRun {
  readonly requests: number;
  readonly calls: number;
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly virtualSeconds: number;
  readonly events: number;
  readonly violations: readonly Violation[];
  readonly violationCount: number;
  /** Of all that happened, in order: two runs of the same options have the same one. */
  readonly fingerprint: string;
}

/** Of the calm phase: as long as nothing needs to be well again. */
const HEALING_SECONDS = 600;
/** Of callers that come to any gateway, lawful or not. */
const LOST_SHARE = 0.1;
const START_MS = Date.UTC(2026, 10, 22);
/** When everything must have ended by, after the last request came. */
const DRAIN_SECONDS_MAX = 900;

/** A world under faults, then whole again, then at rest; judged all the time. */
export async function runSwarm(parts: SimulatorParts, options: SwarmScenario): Promise<SwarmRun> {
  const usual = new UsualCollector();
  await runWorld(parts, calmOptions, () => [
    { name: 'usual', phase: 'liveness', ended: (ended) => usual.ended(ended) },
  ]);
  return runWorld(parts, options, (state) => judgesOf(parts, options, { ...state, usual: usual.targets }));
}

/** Nothing fails in it, and everybody asks for everything often enough. */
const calmOptions: SwarmScenario = {
  seed: 'calm',
  faultSeconds: 0,
  calmSeconds: 300,
  rates: [{ fromSeconds: 0, perSecond: 6 }],
  streamedShare: 1,
  leavingShare: 0,
  deadlineShare: 0,
  lanes: ['standard'],
  replicationMs: 0,
  skewMs: {},
  faults: [],
};

interface JudgedState {
  readonly world: World;
  readonly serving: () => SwarmServing | undefined;
}

function judgesOf(
  { config, facts }: SimulatorParts,
  options: SwarmScenario,
  { world, serving, usual }: JudgedState & { readonly usual: UsualTargets },
): readonly Judge[] {
  const healedAtMs = START_MS + (options.faultSeconds + HEALING_SECONDS) * 1000;
  const nowMs = () => world.time.nowMs;
  return [
    residencyJudge(config, facts),
    answerJudge(),
    onceJudge(),
    capacityJudge(slotsOfEndpoints(config), {
      inFlight: (target) => serving()?.inFlight(target) ?? 0,
      held: () => slotsHeld(world),
    }),
    amplificationJudge(nowMs),
    wakeUpJudge(nowMs),
    deadlineJudge(config),
    defectJudge(),
    statusJudge(config, facts, { isUndisturbed: !options.faults.some(isOfCalls) }),
    restJudge(() => world.open),
    recoveryJudge(healedAtMs, owed(config, facts)),
    // A refusal of access stands for an hour, unless a proof of verify overtakes it.
    ...(options.faults.some(isDenial) ? [] : [returnJudge(healedAtMs, usual)]),
  ];
}

async function runWorld(
  parts: SimulatorParts,
  options: SwarmScenario,
  judges: (state: JudgedState) => readonly Judge[],
): Promise<SwarmRun> {
  const { config, facts, digest } = parts;
  const log = new EventLog();
  let serving: SwarmServing | undefined;
  let bench: Bench | undefined;
  const world = new World({
    seed: options.seed,
    config,
    facts,
    digest,
    startMs: START_MS,
    replicationMs: options.replicationMs,
    skewMs: options.skewMs,
    serving: (time, chance) => {
      serving = new SwarmServing(time, chance.stream('serving'), options.faults);
      return serving;
    },
    witness: {
      sent: (call) => {
        log.sent(call, world.time.nowMs);
        bench?.sent(call);
      },
      ended: (ended) => {
        log.ended(ended);
        bench?.ended(ended);
      },
      recorded: (record) => bench?.recorded(record),
      defect: (event, why) => bench?.defect(event, why),
    },
  });
  bench = new Bench(judges({ world, serving: () => serving }), () => world.time.nowMs);
  for (const fault of options.faults) schedule(world, fault, config);
  await world.begin();
  planArrivals(world, options, parts);
  await world.time.run(START_MS + (options.faultSeconds + options.calmSeconds) * 1000);
  await comeToRest(world);
  bench.atRest();
  return {
    ...log.counts(),
    virtualSeconds: world.time.elapsedMs / 1000,
    events: world.time.happened,
    violations: bench.violations,
    violationCount: bench.count,
    fingerprint: log.fingerprint(),
  };
}

/** Asked once for each model and residency. */
function owed(config: SpillwayConfig, truth: PlacesTruth): (request: SimulatedRequest) => boolean {
  const known = new Map<string, boolean>();
  return ({ model, residency = '', ...request }) => {
    const bound = boundResidency(config, { ...request, residency }) ?? '';
    const key = `${model} ${bound}`;
    const answer = known.get(key) ?? hasLawfulTarget(config, truth, { model, residency: bound });
    known.set(key, answer);
    return answer;
  };
}

/** Everything that is under way ends, and what answers left behind is written. */
async function comeToRest(world: World): Promise<void> {
  for (let seconds = 0; world.open > 0 && seconds < DRAIN_SECONDS_MAX; seconds += 10)
    await world.time.run(world.time.nowMs + 10_000);
  world.stop();
  await world.time.run(world.time.nowMs + 1_000);
}

function slotsHeld(world: World): number {
  return [...world.gateways.values()].reduce(
    (sum, gateway) => sum + gateway.capacity.held(world.time.nowMs),
    0,
  );
}

/** Requests of a Poisson process whose rate changes as the options say. */
function planArrivals(world: World, options: SwarmScenario, { config, facts }: SimulatorParts): void {
  const lawfulAt = lawfulGateways(config, facts);
  const draw = new Chance(options.seed).stream('arrivals');
  const endMs = START_MS + (options.faultSeconds + options.calmSeconds) * 1000;
  let id = 0;
  const next = (atMs: number): void => {
    const dueMs = atMs + draw.exponential(1000 / rateAt(options, (atMs - START_MS) / 1000));
    if (dueMs >= endMs) return;
    id += 1;
    const request = drawRequest(draw, { id, atMs: dueMs, options, config, lawfulAt });
    world.plan(request, () => next(dueMs));
  };
  next(world.time.nowMs);
}

function rateAt({ rates }: SwarmScenario, seconds: number): number {
  return rates.findLast(({ fromSeconds }) => fromSeconds <= seconds)?.perSecond ?? 1;
}

function drawRequest(
  draw: Draw,
  {
    id,
    atMs,
    options,
    config,
    lawfulAt,
  }: {
    readonly id: number;
    readonly atMs: number;
    readonly options: SwarmScenario;
    readonly config: SpillwayConfig;
    readonly lawfulAt: ReadonlyMap<string, readonly string[]>;
  },
): SimulatedRequest {
  const tenant = draw.pick(Object.keys(config.tenants));
  const models = Object.keys(config.models).filter((name) => config.models[name]?.kind === 'chat');
  const inFaults = atMs < START_MS + options.faultSeconds * 1000;
  const residency = draw.pick(config.tenants[tenant]?.residencies ?? []);
  const lawful = lawfulAt.get(residency) ?? [];
  const lost = lawful.length === 0 || draw.happens(LOST_SHARE);
  return {
    id,
    atMs,
    tenant,
    gateway: draw.pick(lost ? config.gateways : lawful),
    residency,
    model: draw.pick(models),
    lane: draw.pick(options.lanes),
    inputTokens: draw.whole(1, 3_000),
    outputTokens: draw.whole(1, 400),
    streamed: draw.happens(options.streamedShare),
    leavesAfterMs: draw.happens(options.leavingShare) ? draw.whole(1, 8_000) : undefined,
    deadlineMs: inFaults && draw.happens(options.deadlineShare) ? draw.whole(500, 20_000) : undefined,
  };
}

/** Gateways that may hold a prompt, by its residency. */
function lawfulGateways(config: SpillwayConfig, truth: PlacesTruth): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.keys(config.residencies).map((name) => {
      const bounds = boundsOf(config, truth, name);
      return [name, config.gateways.filter((region) => bounds === undefined || bounds.has(region))];
    }),
  );
}

function schedule(world: World, fault: Fault, config: SpillwayConfig): void {
  const at = (seconds: number, action: () => void) => world.time.at(START_MS + seconds * 1000, action);
  switch (fault.kind) {
    case 'table':
      at(fault.fromSeconds, () => world.routes.trouble(fault.region, fault.trouble));
      at(fault.untilSeconds, () => world.routes.trouble(fault.region, 'none'));
      return;
    case 'catalogue':
      at(fault.fromSeconds, () => world.troubleCatalogue(fault.region, fault.trouble));
      at(fault.untilSeconds, () => world.troubleCatalogue(fault.region, 'none'));
      return;
    case 'planted':
      at(fault.fromSeconds, () => void plantRoutes(world, fault.region, config));
      at(fault.untilSeconds, () => void world.routes.restore(fault.region));
      return;
    default:
  }
}

/** Every bounded route gets the targets of the widest one, each with the lie that it stays where the gateway is. */
async function plantRoutes(world: World, region: string, config: SpillwayConfig): Promise<void> {
  const { routes } = await world.routes.home.loadAll();
  const widest = Object.keys(config.residencies).find(
    (name) => config.residencies[name]?.jurisdictions === 'any',
  );
  const planted = routes.flatMap((route) => {
    const foreign =
      routes.find(({ model, residency }) => model === route.model && residency === widest)?.targets ?? [];
    const lies = foreign.map((target): Target => ({ ...target, reach: [region] }));
    return route.residency === widest
      ? []
      : [{ ...route, version: route.version + 1, targets: [...lies, ...route.targets].slice(0, 128) }];
  });
  world.routes.plant(region, planted);
}
