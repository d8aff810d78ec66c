import type { SpillwayConfig } from '#contract/config.ts';
import type { ServiceLevel } from '#core/capacity-plan/copy-limits.ts';
import type { ServerlessPrice } from '#core/capacity-plan/evaluate-copies.ts';
import { type CapacityPlan, COPIES_MAX, planCapacity } from '#core/capacity-plan/plan-capacity.ts';
import { spillTargetOf } from '#core/capacity-plan/spill-target.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { DescribedEngine } from '#core/kv/described-engine.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import type { CommandContext } from '../command.ts';
import { openConfig } from '../open-deployment.ts';
import { checkRouteName } from '../route-argument.ts';
import { UsageError } from '../usage-error.ts';
import { percent } from './figures.ts';
import { type FoundKinds, findKinds } from './find-kinds.ts';
import { type PlanOptions, readPlanOptions } from './read-options.ts';
import { type ReadTraffic, readTraffic } from './read-traffic.ts';

/** Nineteen of twenty keep the promise when all others miss it. */
const SPILL_SHARE_WHERE_SLOW = 0.05;
/** One of a thousand may be refused where nothing else may answer. */
const REFUSED_SHARE_MAX = 0.001;
/** Whose prices data/hosting.json has. */
const PRICED_REGIONS: readonly string[] = ['us-east-1', 'us-west-2'];

/** Whether answers from serverless targets keep the promise. */
type ServerlessSpeed = 'keeps' | 'misses' | 'unknown' | 'none';

export interface MadePlan {
  readonly model: string;
  readonly residency: string;
  readonly region: string;
  readonly read: ReadTraffic;
  readonly level: ServiceLevel & { readonly source: string };
  readonly spillTarget: string | undefined;
  readonly price: ServerlessPrice | undefined;
  readonly serverlessSpeed: ServerlessSpeed;
  readonly spillShareMax: number;
  readonly kinds: FoundKinds['kinds'];
  readonly left: readonly string[];
  readonly plan: CapacityPlan;
  /** Something is known to keep the promise: copies, or serverless answers as measured. */
  readonly holds: boolean;
  readonly notes: readonly string[];
}

type Place = Pick<MadePlan, 'model' | 'residency' | 'region'> & {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
};

/** Throws a UsageError that says what is missing, or a CommandFailure. */
export async function makePlan(context: CommandContext): Promise<MadePlan> {
  const { line, runtime } = context;
  const options = readPlanOptions(line);
  const place = placeOf(await openConfig(context), context);
  const configured = place.config.models[place.model]?.dedicated[0];
  const engine =
    line.text('engine') ?? (options.kvTokensPerCopy === undefined ? configured?.engine : undefined);
  checkEngine(engine, runtime.facts);
  const level = levelOf(options, engine, context);
  const read = await readTraffic(context, options.source, place.model);
  const found = findKinds({
    ...{ options, engine, configured, traffic: read.traffic, level },
    ...{ facts: runtime.facts, hosting: runtime.hosting },
  });
  if (found.kinds.length === 0) throw new UsageError(nothingKnown(found.left, options));
  const { target, price } = spillOf(place, options);
  const serverlessSpeed = speedOf(read, level, target !== undefined);
  const spillShareMax = options.spillShareMax ?? shareWhere(serverlessSpeed);
  const plan = planCapacity({ traffic: read.traffic, kinds: found.kinds, serverless: price, spillShareMax });
  const copiesHold = found.kinds.some(({ limits }) => limits.requests > 0);
  return {
    ...{
      model: place.model,
      residency: place.residency,
      region: place.region,
      read,
      level,
      price,
      serverlessSpeed,
    },
    ...{ spillShareMax, plan, kinds: found.kinds, left: found.left, spillTarget: target },
    holds: plan.chosen !== undefined && (copiesHold || serverlessSpeed === 'keeps' || isIdle(read)),
    notes: [
      ...cutNotes(plan),
      ...read.notes,
      ...slowNote(serverlessSpeed),
      ...notesOf(read, found.kinds, place.region),
    ],
  };
}

function placeOf(config: SpillwayConfig, { line, runtime: { facts } }: CommandContext): Place {
  const [model = ''] = line.positionals;
  const residencies = Object.keys(config.residencies);
  const residency = line.text('residency') ?? (residencies.length === 1 ? residencies[0] : undefined);
  checkRouteName(config, model, residency);
  if (residency === undefined)
    throw new UsageError(`Name the --residency of the traffic: ${residencies.join(', ')}`);
  if (config.models[model]?.kind !== 'chat')
    throw new UsageError(`capacity plan reckons with answers token by token; "${model}" makes vectors`);
  const spec = config.residencies[residency] ?? {};
  const policy = resolveResidency(residency, spec, facts);
  const inside = config.accounts
    .flatMap(({ regions }) => regions)
    .filter((region) => judgeGatewayRegion(policy, region).lawful);
  const own = config.models[model].dedicated.map(({ region }) => region);
  const region = line.text('region') ?? own.find((each) => inside.includes(each)) ?? inside[0];
  if (region === undefined || !inside.includes(region))
    throw new UsageError(
      `Copies in "${region ?? 'no region'}" would lie outside the residency ${residency}; --region must be ${[...new Set(inside)].join(', ') || 'a region of an account inside it'}`,
    );
  return { config, facts, model, residency, region };
}

function checkEngine(engine: string | DescribedEngine | undefined, facts: CompiledFacts): void {
  if (typeof engine !== 'string' || facts.engineOf(engine) !== undefined) return;
  throw new UsageError(`--engine must be one of ${facts.engines.join(', ')}, not "${engine}"`);
}

function levelOf(
  { firstTokenMs, tokenMs }: PlanOptions,
  engine: string | DescribedEngine | undefined,
  { runtime: { facts, hosting } }: CommandContext,
): MadePlan['level'] {
  if (firstTokenMs !== undefined && tokenMs !== undefined)
    return { firstTokenMs, tokenMs, source: 'as you asked' };
  const described = typeof engine === 'string' ? facts.engineOf(engine) : engine;
  const named = described === undefined ? undefined : hosting.serviceLevelOf(described.weightsGiB);
  if (named === undefined)
    throw new UsageError(
      '--first-token-p95-ms and --token-p95-ms are needed where the engine is not known; or name one with --engine',
    );
  return {
    firstTokenMs: firstTokenMs ?? named.firstTokenMs,
    tokenMs: tokenMs ?? named.tokenMs,
    source: `MLPerf’s ${named.name}`,
  };
}

function nothingKnown(left: readonly string[], { instanceTypes }: PlanOptions): string {
  if (left.length > 0) return `Nothing can be reckoned with: ${left.join('; ')}`;
  return instanceTypes.length === 0
    ? 'Nothing says what copies would run on: name a known model with --engine, or --instance-type with --kv-tokens-per-copy, --prefill-tokens-per-second and --output-token-ms of your own measurement'
    : `Nothing is known of ${instanceTypes.join(', ')}`;
}

function spillOf({ config, facts, model, residency, region }: Place, options: PlanOptions) {
  const target = spillTargetOf({
    accounts: config.accounts,
    gateways: config.gateways,
    candidates: config.models[model]?.candidates ?? [],
    policy: resolveResidency(residency, config.residencies[residency] ?? {}, facts),
    ...{ facts, region },
  });
  if (target === undefined) return { target: undefined, price: undefined };
  return { target: target.id, price: priceOf(target, options) };
}

function priceOf(
  target: NonNullable<ReturnType<typeof spillTargetOf>>,
  { inputUsdPerMillion, outputUsdPerMillion }: PlanOptions,
): ServerlessPrice {
  const { pricing } = target;
  const input =
    inputUsdPerMillion === undefined
      ? pricing?.inputMicroUsdPerMillionTokens
      : Math.round(inputUsdPerMillion * 1_000_000);
  const output =
    outputUsdPerMillion === undefined
      ? pricing?.outputMicroUsdPerMillionTokens
      : Math.round(outputUsdPerMillion * 1_000_000);
  if (input == null || output == null)
    throw new UsageError(
      `The price of ${target.id} is not known; say --input-usd-per-million and --output-usd-per-million`,
    );
  return { inputMicroUsdPerMillionTokens: input, outputMicroUsdPerMillionTokens: output };
}

function speedOf({ serverless }: ReadTraffic, level: ServiceLevel, lawful: boolean): ServerlessSpeed {
  if (!lawful) return 'none';
  if (serverless === undefined) return 'unknown';
  return serverless.firstTokenMs <= level.firstTokenMs && serverless.tokenMs <= level.tokenMs
    ? 'keeps'
    : 'misses';
}

function shareWhere(speed: ServerlessSpeed): number {
  if (speed === 'none') return REFUSED_SHARE_MAX;
  return speed === 'misses' ? SPILL_SHARE_WHERE_SLOW : 1;
}

const isIdle = ({ traffic }: ReadTraffic): boolean => traffic.sample.length === 0;

function cutNotes({ kinds }: CapacityPlan): readonly string[] {
  return kinds.flatMap(({ isCut, kind: { hosting } }) =>
    isCut
      ? [
          `More than ${COPIES_MAX} copies on ${hosting.instanceType} were not tried: plan for each region by itself.`,
        ]
      : [],
  );
}

function slowNote(speed: ServerlessSpeed): readonly string[] {
  if (speed !== 'unknown') return [];
  return [
    'Nobody measured whether serverless keeps the promise; --spill-share-max 0.05 plans for the case that it does not.',
  ];
}

function notesOf({ traffic }: ReadTraffic, kinds: FoundKinds['kinds'], region: string): readonly string[] {
  const hours = traffic.bins.reduce((sum, { seconds }) => sum + seconds, 0) / 3_600;
  const promptMax = Math.max(0, ...traffic.sample.map(({ inputTokens }) => inputTokens));
  const measuredMax = Math.min(
    ...kinds.flatMap(({ speed }) => (speed.promptMs.length > 1 ? [speed.promptMs.at(-1)?.[0] ?? 0] : [])),
  );
  const outside = !PRICED_REGIONS.includes(region);
  return [
    ...(hours < 24
      ? ['The traffic is of less than a day: a month is taken to be like it all the time.']
      : []),
    ...(promptMax > measuredMax
      ? [
          `Prompts are up to ${Math.round(promptMax)} tokens; longer than ${measuredMax} nobody measured, and they are reckoned on.`,
        ]
      : []),
    ...kinds.flatMap(({ hosting, limits: { tooLongShare } }) =>
      tooLongShare > 0
        ? [`${percent(tooLongShare)} of calls never fit into a copy on ${hosting.instanceType}.`]
        : [],
    ),
    ...(outside
      ? [`Instance prices are those of ${PRICED_REGIONS.join(' and ')}; in ${region} they may differ.`]
      : []),
    'Copies run all month on demand: no scaling, no commitment, no start-up time, no prefix cache.',
  ];
}
