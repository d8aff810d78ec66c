/** From what a configuration says of a dedicated endpoint to the cache that one copy of it has. */
import type { DescribedEngine, EngineFacts } from './described-engine.ts';
import type { Engine, KvFormat } from './engine.ts';
import { fixedTokensOf, poolTokens } from './kv-tokens.ts';

const GIB = 2 ** 30;
const UTILISATION_DEFAULT = 0.9;
/** The safe end of what engines were seen to take. */
const OVERHEAD_GIB_DEFAULT = 2;

/** Members of a dedicated endpoint's configuration. */
export interface KvSettings {
  /** The name of a known model, or the engine in full. */
  readonly engine?: string | DescribedEngine | undefined;
  readonly instanceType?: string | undefined;
  /** Of the instance's; an inference component may have fewer. */
  readonly gpusPerCopy?: number | undefined;
  /** What the engine itself says that it has. */
  readonly kvTokensPerCopy?: number | undefined;
  /** How the container is started where Spillway deploys it, beside what `engine` says. */
  readonly deploy?: StartedEngine | undefined;
}

/** What of an engine is chosen at its start and not given by its model. */
interface StartedEngine {
  readonly kvFormat?: KvFormat | undefined;
  readonly utilisation?: number | undefined;
  readonly speculation?: { readonly method: string; readonly memoryGiB?: number | undefined } | undefined;
}

const chosenAtStart = ['kvFormat', 'utilisation'] as const;

/** The cache of one copy. */
export interface KvPool {
  readonly tokens: number;
  /** See `fixedTokensOf`. */
  readonly fixedTokens: number;
}

export type ResolvedPool =
  | { readonly kind: 'pool'; readonly pool: KvPool }
  /** Nothing was said: only requests are limited. */
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'wrong'; readonly member: string; readonly message: string };

export function resolvePool(settings: KvSettings, facts: EngineFacts): ResolvedPool {
  const { engine, kvTokensPerCopy } = settings;
  if (kvTokensPerCopy !== undefined) {
    return engine === undefined
      ? { kind: 'pool', pool: { tokens: kvTokensPerCopy, fixedTokens: 0 } }
      : wrong('kvTokensPerCopy', `${kvTokensPerCopy} stands beside engine; leave one of them out`);
  }
  if (engine === undefined) return { kind: 'unlimited' };
  const known = describe(engine, facts);
  if (known === undefined) {
    const names = facts.engines.join(', ');
    return wrong('engine', `"${String(engine)}" is not known; describe it in full, or name one of ${names}`);
  }
  const { deploy = {} } = settings;
  const twice = chosenAtStart.find(
    (each) => deploy[each] !== undefined && (known[each] ?? deploy[each]) !== deploy[each],
  );
  if (twice !== undefined)
    return wrong(`deploy.${twice}`, `${deploy[twice]} is not the ${known[twice]} of engine; say it once`);
  return pooled(startedAs(known, deploy), settings, facts);
}

/** A draft model lies beside the weights, with a cache of its own. */
function startedAs(engine: DescribedEngine, deploy: StartedEngine): DescribedEngine {
  return {
    ...engine,
    kvFormat: deploy.kvFormat ?? engine.kvFormat,
    utilisation: deploy.utilisation ?? engine.utilisation,
    weightsGiB: engine.weightsGiB + (deploy.speculation?.memoryGiB ?? 0),
  };
}

function describe(engine: string | DescribedEngine, facts: EngineFacts): DescribedEngine | undefined {
  return typeof engine === 'string' ? facts.engineOf(engine) : engine;
}

function pooled(described: DescribedEngine, settings: KvSettings, facts: EngineFacts): ResolvedPool {
  const { instanceType, gpusPerCopy } = settings;
  const instance = instanceType === undefined ? undefined : facts.instanceOf(instanceType);
  if (instanceType !== undefined && instance === undefined) {
    const message = `"${instanceType}" is not known; say gpus and gpuMemoryGiB in engine, or name one of ${facts.instances.join(', ')}`;
    return wrong('instanceType', message);
  }
  if (instance !== undefined && (gpusPerCopy ?? 0) > instance.gpus)
    return wrong('gpusPerCopy', `${gpusPerCopy} is more than the ${instance.gpus} of ${instanceType}`);
  const gpus = described.gpus ?? gpusPerCopy ?? instance?.gpus;
  const gpuMemoryGiB = described.gpuMemoryGiB ?? instance?.gpuMemoryGiB;
  if (gpus === undefined || gpuMemoryGiB === undefined) {
    const message =
      'is needed with engine, which does not say gpus and gpuMemoryGiB itself; such as "ml.g6e.2xlarge"';
    return wrong('instanceType', message);
  }
  const tensorParallel = described.tensorParallel ?? gpus;
  if (gpus % tensorParallel !== 0)
    return wrong('engine.tensorParallel', `${tensorParallel} does not divide the ${gpus} GPUs of a copy`);
  const overheadGiB = described.overheadGiB ?? instance?.overheadGiB ?? OVERHEAD_GIB_DEFAULT;
  return sized({
    attention: described.attention,
    kvFormat: described.kvFormat ?? 'bf16',
    gpus,
    tensorParallel,
    gpuMemoryBytes: gpuMemoryGiB * GIB,
    utilisation: described.utilisation ?? UTILISATION_DEFAULT,
    weightBytes: described.weightsGiB * GIB,
    overheadBytesPerGpu: overheadGiB * GIB,
  });
}

function sized(engine: Engine): ResolvedPool {
  const tokens = poolTokens(engine);
  if (tokens > 0) return { kind: 'pool', pool: { tokens, fixedTokens: fixedTokensOf(engine) } };
  const { gpus, gpuMemoryBytes, utilisation, weightBytes } = engine;
  const gib = (bytes: number) => (bytes / GIB).toFixed(1);
  const message = `weights of ${gib(weightBytes)} GiB leave no room on ${gpus} x ${gib(gpuMemoryBytes)} GiB at a utilisation of ${utilisation}; take more or larger GPUs`;
  return wrong('engine', message);
}

function wrong(member: string, message: string): ResolvedPool {
  return { kind: 'wrong', member, message };
}
