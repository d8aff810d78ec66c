import type { SpillwayConfig } from '#contract/config.ts';
import type { ServiceLevel } from '#core/capacity-plan/copy-limits.ts';
import type { ServerlessPrice } from '#core/capacity-plan/evaluate-copies.ts';
import { type CapacityPlan, planCapacity } from '#core/capacity-plan/plan-capacity.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { HostingFacts } from '#core/facts/compile-hosting.ts';
import type { DescribedEngine } from '#core/kv/described-engine.ts';
import type { CommandContext } from '../command.ts';
import { openConfig } from '../open-deployment.ts';
import { UsageError } from '../usage-error.ts';
import { type FoundKinds, findKinds } from './find-kinds.ts';
import { everyMeasuredPlace } from './measured-places.ts';
import { planNotes } from './plan-notes.ts';
import { placeOf } from './plan-place.ts';
import { type PlanOptions, readPlanOptions } from './read-options.ts';
import { type ReadTraffic, readTraffic } from './read-traffic.ts';
import { spillOf } from './spill-price.ts';

/** Nineteen of twenty keep the promise when all others miss it. */
const SPILL_SHARE_WHERE_SLOW = 0.05;
/** One of a thousand may be refused where nothing else may answer. */
const REFUSED_SHARE_MAX = 0.001;
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

/** Throws a UsageError that says what is missing, or a CommandFailure. */
export async function makePlan(context: CommandContext): Promise<MadePlan> {
  const { line, runtime } = context;
  const options = readPlanOptions(line);
  const place = placeOf(await openConfig(context), context);
  const configured = place.config.models[place.model]?.dedicated[0];
  const engine =
    line.text('engine') ?? (options.kvTokensPerCopy === undefined ? configured?.engine : undefined);
  checkEngine(engine, runtime.facts, place.config);
  const level = levelOf(options, engine, context);
  const read = await readTraffic(context, options.source, place.model);
  const found = findKinds({
    ...{ options, engine, configured, traffic: read.traffic, level },
    ...{ facts: runtime.facts, hosting: runtime.hosting },
  });
  if (found.kinds.length === 0)
    throw new UsageError(nothingKnown(found.left, { options, engine, hosting: runtime.hosting }));
  const { target, price } = spillOf(place, options);
  const serverlessSpeed = speedOf(read, level, target !== undefined);
  const spillShareMax = options.spillShareMax ?? shareWhere(serverlessSpeed);
  const plan = planCapacity({ traffic: read.traffic, kinds: found.kinds, serverless: price, spillShareMax });
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
    holds: isIdle(read) || isKept(plan, serverlessSpeed),
    notes: [
      ...read.notes,
      ...planNotes({
        ...{ plan, traffic: read.traffic, region: place.region },
        isServerlessUnknown: serverlessSpeed === 'unknown',
      }),
    ],
  };
}

function checkEngine(
  engine: string | DescribedEngine | undefined,
  facts: CompiledFacts,
  { models }: Pick<SpillwayConfig, 'models'>,
): void {
  if (typeof engine !== 'string' || facts.engineOf(engine) !== undefined) return;
  const hint = Object.hasOwn(models, engine)
    ? `: that is a model of the configuration, and --engine names what its copies would run`
    : '';
  throw new UsageError(
    `--engine must be one of ${facts.engines.join(', ')}, not "${engine}"${hint} (see: spillway capacity engines)`,
  );
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

const OWN_MEASUREMENT = '--instance-type, --prefill-tokens-per-second and --output-token-ms';

function nothingKnown(
  left: readonly string[],
  {
    options: { instanceTypes },
    engine,
    hosting,
  }: {
    readonly options: PlanOptions;
    readonly engine: string | DescribedEngine | undefined;
    readonly hosting: HostingFacts;
  },
): string {
  if (left.length > 0) return `Nothing can be reckoned with: ${left.join('; ')}`;
  if (typeof engine === 'string' && instanceTypes.length === 0)
    return `Nobody has measured ${engine} in public. Measured are ${everyMeasuredPlace(hosting)} (sources: spillway capacity engines). For ${engine} say what your own benchmark showed: ${OWN_MEASUREMENT}`;
  return instanceTypes.length === 0
    ? 'Nothing says what copies would run on: name a known model with --engine, or --instance-type with --kv-tokens-per-copy, --prefill-tokens-per-second and --output-token-ms of your own measurement'
    : `Nothing is known of ${instanceTypes.join(', ')}`;
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

/** Whether something is known to keep the promise. */
function isKept({ chosen, kinds }: CapacityPlan, speed: ServerlessSpeed): boolean {
  if (chosen === undefined) return false;
  if (speed === 'keeps') return true;
  if (speed === 'misses') return chosen.point.spillShare <= SPILL_SHARE_WHERE_SLOW;
  return kinds.some(({ kind }) => kind.limits.requests > 0);
}
