import type { Attention, Engine, KvFormat } from './engine.ts';

const BYTES_PER_VALUE: Readonly<Record<KvFormat, number>> = { bf16: 2, fp8: 1 };
const KEY_AND_VALUE = 2;

/** Bytes of cache over all GPUs of a copy. */
export interface KvBytes {
  /** Of each token of a sequence, however long it is. */
  readonly perToken: number;
  /** Of the layers with a window, once a sequence is as long as that; 0 where there are none. */
  readonly perSequenceMax: number;
}

type Layout = Pick<Engine, 'attention' | 'kvFormat' | 'tensorParallel'>;

export function kvBytesOf({ attention, kvFormat, tensorParallel }: Layout): KvBytes {
  const values = valuesPerToken(attention, tensorParallel);
  const bytes = BYTES_PER_VALUE[kvFormat];
  const windowTokens = attention.kind === 'sliding-window' ? attention.windowTokens : 0;
  return { perToken: values.growing * bytes, perSequenceMax: values.windowed * windowTokens * bytes };
}

/** Bytes of cache of one sequence, over all GPUs of a copy. */
export function kvBytesOfSequence(layout: Layout, tokens: number): number {
  const { perToken, perSequenceMax } = kvBytesOf(layout);
  const { attention } = layout;
  if (attention.kind !== 'sliding-window') return perToken * tokens;
  return perToken * tokens + perSequenceMax * Math.min(1, tokens / attention.windowTokens);
}

function valuesPerToken(
  attention: Attention,
  tensorParallel: number,
): { readonly growing: number; readonly windowed: number } {
  if (attention.kind === 'mla') {
    const { layers, kvLoraRank, ropeDim } = attention;
    return { growing: layers * (kvLoraRank + ropeDim) * tensorParallel, windowed: 0 };
  }
  const { kvHeads, headDim } = attention;
  const ofLayer = KEY_AND_VALUE * headsKept(kvHeads, tensorParallel) * headDim;
  if (attention.kind === 'gqa') return { growing: attention.layers * ofLayer, windowed: 0 };
  return { growing: attention.fullLayers * ofLayer, windowed: attention.windowedLayers * ofLayer };
}

/** Over all GPUs that divide a layer: each keeps one head at least, so fewer heads than GPUs are kept several times. */
function headsKept(kvHeads: number, tensorParallel: number): number {
  return tensorParallel * Math.ceil(kvHeads / tensorParallel);
}
