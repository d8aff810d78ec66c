import type { DescribedEngine, EngineFacts } from '../kv/described-engine.ts';

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
    readonly computeCapability: number;
  }[];
  readonly instances: readonly { readonly id: string; readonly gpu: string; readonly gpus: number }[];
}

export function compileEngines({ models, gpus, instances }: EnginesInput): EngineFacts {
  const engines = new Map(
    models.map(({ id, attention, weightsGiB }) => [id, { attention, weightsGiB } as DescribedEngine]),
  );
  const gpusById = new Map(gpus.map((gpu) => [gpu.id, gpu]));
  const known = new Map(
    instances.flatMap((row) => {
      const gpu = gpusById.get(row.gpu);
      if (gpu === undefined) return [];
      const { memoryGiB: gpuMemoryGiB, overheadGiB, computeCapability } = gpu;
      const facts = { gpus: row.gpus, gpuMemoryGiB, overheadGiB, computeCapability };
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
