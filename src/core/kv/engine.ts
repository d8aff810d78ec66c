/**
 * core/kv: how much GPU memory conversations take, and how many of them a copy of a model has room for.
 *
 * Each token that a model has read or written keeps its keys and values in memory until the answer ends. A copy that
 * runs out of room throws conversations away and computes them again: nobody is served faster by being let in early.
 *
 * Invariant: what is not known is not limited by memory, and no number here is ever more than the engine can hold. The
 * folder owns no state.
 */

/** What a layer keeps of each token. */
export type Attention =
  /** Keys and values of `kvHeads` heads: grouped queries, or all of them (MHA). */
  | {
      readonly kind: 'gqa';
      readonly layers: number;
      readonly kvHeads: number;
      readonly headDim: number;
    }
  /** One compressed vector for all heads (DeepSeek): never divided, each GPU keeps all of it. */
  | {
      readonly kind: 'mla';
      readonly layers: number;
      readonly kvLoraRank: number;
      readonly ropeDim: number;
    }
  /** As `gqa`, but some layers look back over a window only, and keep no more than it. */
  | {
      readonly kind: 'sliding-window';
      readonly fullLayers: number;
      readonly windowedLayers: number;
      readonly windowTokens: number;
      readonly kvHeads: number;
      readonly headDim: number;
    };

/** In which format keys and values are kept. */
export type KvFormat = 'bf16' | 'fp8';

/** One copy of a model on its GPUs. */
export interface Engine {
  readonly attention: Attention;
  readonly kvFormat: KvFormat;
  /** All GPUs of the copy, 1 or more. */
  readonly gpus: number;
  /** GPUs that divide each layer among them; a divisor of `gpus`. */
  readonly tensorParallel: number;
  /** What a process can have of one GPU. */
  readonly gpuMemoryBytes: number;
  /** Part of it that the engine takes, 0 to 1: vLLM's `gpu_memory_utilization`. */
  readonly utilisation: number;
  /** Of the whole copy. */
  readonly weightBytes: number;
  /** Of each GPU, beside weights and cache: activations, graphs, libraries. */
  readonly overheadBytesPerGpu: number;
}
