import { limitsOfCopy, type ServiceLevel } from '#core/capacity-plan/copy-limits.ts';
import type { EngineSpeed } from '#core/capacity-plan/engine-speed.ts';
import type { CopyKind } from '#core/capacity-plan/evaluate-copies.ts';
import type { Traffic } from '#core/capacity-plan/traffic.ts';
import type { HostingFacts, MeasuredSpeed } from '#core/facts/compile-hosting.ts';
import type { DescribedEngine, EngineFacts } from '#core/kv/described-engine.ts';
import { resolvePool } from '#core/kv/resolve-engine.ts';
import { type Gap, OUTPUT_OPTION, PREFILL_OPTION, PRICE_OPTION, placeLeftOut } from './missing-figures.ts';
import type { PlanOptions } from './read-options.ts';

/** What the configuration says of the model's own endpoint. */
interface ConfiguredCopy {
  readonly engine?: string | DescribedEngine | undefined;
  readonly instanceType?: string | undefined;
  readonly gpusPerCopy?: number | undefined;
  readonly kvTokensPerCopy?: number | undefined;
}

export interface KindsQuestion {
  readonly options: PlanOptions;
  /** A name, or the description that the configuration gives. */
  readonly engine: string | DescribedEngine | undefined;
  readonly configured: ConfiguredCopy | undefined;
  readonly facts: EngineFacts;
  readonly hosting: HostingFacts;
  readonly traffic: Traffic;
  readonly level: ServiceLevel;
}

export interface FoundKinds {
  readonly kinds: readonly (CopyKind & { readonly speedSource: string })[];
  /** What is not reckoned with, and what would have to be said. */
  readonly left: readonly string[];
}

const OWN_SOURCE = 'your own measurement';
const PRICE_UNKNOWN: Gap = { fact: 'its price is not known', options: [PRICE_OPTION] };
const CACHE_UNKNOWN: Gap = {
  fact: 'how much cache a copy has is not known',
  options: ['--kv-tokens-per-copy <n>'],
};

/** Every place where the engine could run, as far as somebody measured it, it fits and its price is known. */
export function findKinds(question: KindsQuestion): FoundKinds {
  const { options, engine, configured, hosting } = question;
  const measured = typeof engine === 'string' ? hosting.speedsOf(engine) : [];
  const own = configured?.instanceType === undefined ? [] : [configured.instanceType];
  const known = [...own, ...measured.map(({ instanceType }) => instanceType)];
  const types = options.instanceTypes.length > 0 ? options.instanceTypes : [...new Set(known)];
  const found = types.flatMap((type) =>
    speedsOn(question, type, measured).map((speed) => kindOf(question, type, speed)),
  );
  return {
    kinds: found.flatMap((each) => (typeof each === 'string' ? [] : [each])),
    left: [...new Set(found.flatMap((each) => (typeof each === 'string' ? [each] : [])))],
  };
}

/** How fast an engine is with so many GPUs, or what nobody knows of that. */
type FoundSpeed = Pick<MeasuredSpeed, 'gpusPerCopy'> &
  ({ readonly speed: EngineSpeed; readonly source: string } | { readonly gap: Gap });

/** One for each number of GPUs that was measured, or the caller’s own. */
function speedsOn(
  { options, engine, configured }: KindsQuestion,
  type: string,
  measured: readonly MeasuredSpeed[],
): readonly FoundSpeed[] {
  const { prefillTokensPerSecond: prefill, tokenMs } = options.own;
  const gpus =
    options.gpusPerCopy ?? (configured?.instanceType === type ? configured.gpusPerCopy : undefined);
  const prompt: EngineSpeed['promptMs'] | undefined = prefill === undefined ? undefined : [[prefill, 1_000]];
  if (tokenMs !== undefined && prompt !== undefined)
    return [
      {
        gpusPerCopy: gpus ?? 0,
        speed: { promptMs: prompt, tokenMs, measured: 'together' },
        source: OWN_SOURCE,
      },
    ];
  const rows = measured.filter(
    (row) => row.instanceType === type && (gpus === undefined || row.gpusPerCopy === gpus),
  );
  const name = typeof engine === 'string' ? engine : 'this engine';
  if (rows.length === 0)
    return [
      {
        gpusPerCopy: gpus ?? 0,
        gap: {
          fact: `nobody measured ${name} there${gpus === undefined ? '' : ` on ${gpus} GPUs`}`,
          options: [
            ...(prompt === undefined ? [PREFILL_OPTION] : []),
            ...(tokenMs === undefined ? [OUTPUT_OPTION] : []),
          ],
        },
      },
    ];
  return rows.map((row) => {
    const promptMs = prompt ?? row.speed.promptMs;
    if (promptMs.length === 0) {
      const fact = `nobody measured how fast ${name} reads prompts there`;
      return { gpusPerCopy: row.gpusPerCopy, gap: { fact, options: [PREFILL_OPTION] } };
    }
    if (tokenMs === undefined) return { ...row, speed: { ...row.speed, promptMs } };
    return { ...row, speed: { promptMs, tokenMs, measured: 'together' }, source: OWN_SOURCE };
  });
}

function kindOf(
  question: KindsQuestion,
  instanceType: string,
  found: FoundSpeed,
): FoundKinds['kinds'][number] | string {
  const { options, facts, hosting, traffic, level } = question;
  const { own } = options;
  const microUsdPerHour =
    own.instanceUsdPerHour === undefined
      ? hosting.instancePrice(instanceType)
      : Math.round(own.instanceUsdPerHour * 1_000_000);
  const instance = facts.instanceOf(instanceType);
  const gpusPerCopy = found.gpusPerCopy > 0 ? found.gpusPerCopy : (instance?.gpus ?? 1);
  const pool = poolOn(question, instanceType, gpusPerCopy);
  if (pool.kind === 'wrong' && instance !== undefined)
    return `${instanceType}: ${pool.member} ${pool.message}`;
  if ('gap' in found || microUsdPerHour === undefined || pool.kind !== 'pool') {
    const gaps = [
      ...('gap' in found ? [found.gap] : []),
      ...(microUsdPerHour === undefined ? [PRICE_UNKNOWN] : []),
      ...(pool.kind === 'pool' ? [] : [CACHE_UNKNOWN]),
    ];
    return placeLeftOut(instanceType, gaps, question);
  }
  return {
    hosting: {
      ...{ instanceType, gpusPerCopy, microUsdPerHour },
      copiesPerInstance: Math.max(1, Math.floor((instance?.gpus ?? gpusPerCopy) / gpusPerCopy)),
    },
    speed: found.speed,
    speedSource: found.source,
    limits: limitsOfCopy({ traffic, speed: found.speed, pool: pool.pool, level }),
  };
}

/** What the caller says goes before what the configuration says of its own instance type. */
function poolOn(
  { options, engine, configured, facts }: KindsQuestion,
  instanceType: string,
  gpusPerCopy: number,
) {
  const configuredHere = configured?.instanceType === instanceType ? configured.kvTokensPerCopy : undefined;
  const kvTokensPerCopy = options.kvTokensPerCopy ?? configuredHere;
  if (kvTokensPerCopy !== undefined) return resolvePool({ kvTokensPerCopy }, facts);
  return resolvePool({ engine, instanceType, gpusPerCopy }, facts);
}
