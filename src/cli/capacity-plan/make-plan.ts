import type { SpillwayConfig } from '#contract/config.ts';
import type { ServiceLevel } from '#core/capacity-plan/copy-limits.ts';
import type { ServerlessPrice } from '#core/capacity-plan/evaluate-copies.ts';
import { type CapacityPlan, planCapacity } from '#core/capacity-plan/plan-capacity.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { DescribedEngine } from '#core/kv/described-engine.ts';
import type { CommandContext } from '../command.ts';
import { openConfig } from '../open-deployment.ts';
import { UsageError } from '../usage-error.ts';
import { type FoundKinds, findKinds } from './find-kinds.ts';
import { missingOfCopies, unknownEngine } from './missing-figures.ts';
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
  const spill = spillOf(place, options);
  const level = levelOf(options, engine, context);
  if (level === undefined) throw new UsageError([unknownEngine(options), ...spill.missing].join('. '));
  const read = await readTraffic(context, options.source, place.model);
  const found = findKinds({
    ...{ options, engine, configured, traffic: read.traffic, level },
    ...{ facts: runtime.facts, hosting: runtime.hosting },
  });
  const missing = [
    ...missingOfCopies(found, { options, engine, hosting: runtime.hosting }),
    ...spill.missing,
  ];
  if (missing.length > 0) throw new UsageError(missing.join('. '));
  const { target, price } = spill;
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

const AS_ASKED = 'as you asked';

/** Undefined where neither the caller nor a benchmark says it of this engine. */
function levelOf(
  { firstTokenMs, tokenMs }: PlanOptions,
  engine: string | DescribedEngine | undefined,
  { runtime: { facts, hosting } }: CommandContext,
): MadePlan['level'] | undefined {
  if (firstTokenMs !== undefined && tokenMs !== undefined) return { firstTokenMs, tokenMs, source: AS_ASKED };
  const described = typeof engine === 'string' ? facts.engineOf(engine) : engine;
  const named = described === undefined ? undefined : hosting.serviceLevelOf(described.weightsGiB);
  if (named === undefined) return undefined;
  const benchmark = `MLPerf’s ${named.name}`;
  const by = (asked: number | undefined): string => (asked === undefined ? benchmark : AS_ASKED);
  return {
    firstTokenMs: firstTokenMs ?? named.firstTokenMs,
    tokenMs: tokenMs ?? named.tokenMs,
    source:
      firstTokenMs === undefined && tokenMs === undefined
        ? benchmark
        : `first token: ${by(firstTokenMs)}; later tokens: ${by(tokenMs)}`,
  };
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
