import type { SpillwayProcess } from '../spillway-process.ts';

/** From now on every stream of Bedrock's ends after three chunks, without a word. */
export function cutStreams(spillway: SpillwayProcess): Promise<unknown> {
  return spillway.control('PUT', 'faults', [
    { service: 'bedrock-runtime', kind: 'cut-stream', afterChunks: 3 },
  ]);
}
