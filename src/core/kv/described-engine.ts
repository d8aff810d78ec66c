import type { Attention, KvFormat } from './engine.ts';

/** An engine in full; members that follow from the instance type may be left out. */
export interface DescribedEngine {
  readonly attention: Attention;
  readonly weightsGiB: number;
  readonly kvFormat?: KvFormat | undefined;
  readonly gpus?: number | undefined;
  readonly gpuMemoryGiB?: number | undefined;
  readonly tensorParallel?: number | undefined;
  readonly utilisation?: number | undefined;
  readonly overheadGiB?: number | undefined;
}

/** The GPUs of an instance type. */
interface InstanceFacts {
  readonly gpus: number;
  /** What a process can have of one of them. */
  readonly gpuMemoryGiB: number;
  /** Of each, beside weights and cache. */
  readonly overheadGiB: number;
  /** NVIDIA’s, such as 8.9: what its arithmetic can do. */
  readonly computeCapability: number;
}

/** What the facts know of engines. */
export interface EngineFacts {
  /** Every model whose engine is known by name, sorted. */
  readonly engines: readonly string[];
  /** Every instance type that is known, sorted. */
  readonly instances: readonly string[];
  /** Undefined where the facts do not know the name. */
  engineOf(name: string): DescribedEngine | undefined;
  instanceOf(instanceType: string): InstanceFacts | undefined;
}
