import type { DescribedEngine } from '../kv/resolve-engine.ts';

type AttentionRow = Readonly<Record<string, string | number | undefined>> & { readonly kind: string };

/** The parsed data/engines.json. */
export interface EnginesInput {
  readonly models: readonly {
    readonly id: string;
    readonly attention: AttentionRow;
    readonly weightsGiB: number;
  }[];
  readonly gpus: readonly {
    readonly id: string;
    readonly memoryGiB: number;
    readonly overheadGiB: number;
  }[];
  readonly instances: readonly { readonly id: string; readonly gpu: string; readonly gpus: number }[];
}

/** The GPUs of an instance type. */
export interface InstanceFacts {
  readonly gpus: number;
  /** What a process can have of one of them. */
  readonly gpuMemoryGiB: number;
  /** Of each, beside weights and cache. */
  readonly overheadGiB: number;
}

export interface EngineLookups {
  /** Every model whose engine is known by name, sorted. */
  readonly engines: readonly string[];
  /** Every instance type that is known, sorted. */
  readonly instances: readonly string[];
  /** Undefined where the facts do not know the name. */
  engineOf(name: string): DescribedEngine | undefined;
  instanceOf(instanceType: string): InstanceFacts | undefined;
}

export function compileEngines({ models, gpus, instances }: EnginesInput): EngineLookups {
  const engines = new Map(
    models.map(({ id, attention, weightsGiB }) => [id, { attention, weightsGiB } as DescribedEngine]),
  );
  const gpusById = new Map(gpus.map((gpu) => [gpu.id, gpu]));
  const known = new Map(
    instances.flatMap((row) => {
      const gpu = gpusById.get(row.gpu);
      if (gpu === undefined) return [];
      const facts = { gpus: row.gpus, gpuMemoryGiB: gpu.memoryGiB, overheadGiB: gpu.overheadGiB };
      return [[row.id, facts] as const];
    }),
  );
  return {
    engines: [...engines.keys()].sort(),
    instances: [...known.keys()].sort(),
    engineOf: (name) => engines.get(name),
    instanceOf: (instanceType) => known.get(instanceType),
  };
}
