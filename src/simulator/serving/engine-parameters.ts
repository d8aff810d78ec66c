import { invariant } from '#core/units/invariant.ts';
import type { KvEngine } from '#serving-model/kv-engine.ts';

/** A number that a sweep may change. */
export interface Parameter {
  readonly value: number;
  /** Least and most; `value` lies between. */
  readonly range: readonly number[];
  readonly basis: string;
  readonly source: string;
}

/** What somebody measured with so many calls in the engine all the time, or the straight line through such points. */
export interface EngineRow {
  readonly id: string;
  /** Null where it is not known or nobody's own. */
  readonly instance: string | null;
  /** The call that was measured. */
  readonly call: { readonly inputTokens: number; readonly outputTokens: number };
  readonly measured?: readonly MeasuredPoint[];
  readonly line?: LatencyLine;
  readonly prefillTokensPerSecond: Parameter;
  readonly blocks: Parameter;
}

export interface MeasuredPoint {
  readonly concurrency: number;
  readonly p50Ms: number;
  readonly outputTokensPerSecond: number;
}

/** Mean time of a call that has n − 1 others beside it all the time: `aloneMs` + `perOtherMs` × (n − 1). */
export interface LatencyLine {
  readonly aloneMs: number;
  readonly perOtherMs: number;
}

/** The parsed data/engine-parameters.json, as far as engines need it. */
export interface EngineParameters {
  readonly engines: readonly EngineRow[];
  readonly batch: {
    readonly sequencesMax: Parameter;
    readonly batchTokensMax: Parameter;
    readonly promptChunkMax: Parameter;
  };
}

/** What a sweep sets instead of the values of the file. */
export interface EngineChoice {
  readonly prefillTokensPerSecond?: number;
  readonly blocks?: number;
  /** Times of calls, alone and by others, as a factor. @default 1 */
  readonly slowness?: number;
}

/**
 * The engine that has the times of a row.
 *
 * n calls that are always there have, each during its own call, n prompts read between their steps, so a call takes
 * n × p + o × (s + q × (n − 1)), with p the time of a prompt, o tokens of output, s a step alone and q what another
 * sequence adds to one. The line gives s and q once p is chosen: s = (alone − p) / o, q = (perOther − p) / o.
 *
 * @throws RangeError when there is no such row, or prompts alone would take more than the line leaves for them
 */
export function kvEngineOf(parameters: EngineParameters, id: string, choice: EngineChoice = {}): KvEngine {
  const row = parameters.engines.find((each) => each.id === id);
  if (row === undefined) {
    const known = parameters.engines.map((each) => each.id).join(', ');
    throw new RangeError(`No engine is called ${id}. Known: ${known}.`);
  }
  const { slowness = 1, prefillTokensPerSecond = row.prefillTokensPerSecond.value } = choice;
  const line = row.line ?? latencyLineOf(row.measured ?? [], row.call.outputTokens);
  const { inputTokens, outputTokens } = row.call;
  const promptMs = (inputTokens * 1_000) / prefillTokensPerSecond;
  const stepMs = (line.aloneMs * slowness - promptMs) / outputTokens;
  const perSequenceMs = (line.perOtherMs * slowness - promptMs) / outputTokens;
  if (stepMs <= 0 || perSequenceMs <= 0)
    throw new RangeError(`${id}: prompts at ${prefillTokensPerSecond} tokens/s take more than its calls do.`);
  return {
    blocks: choice.blocks ?? row.blocks.value,
    sequencesMax: parameters.batch.sequencesMax.value,
    batchTokensMax: parameters.batch.batchTokensMax.value,
    promptChunkMax: parameters.batch.promptChunkMax.value,
    prefillTokensPerSecond,
    iterationMs: stepMs,
    batchKnee: stepMs / perSequenceMs,
  };
}

/**
 * The line nearest to measured times, by least squares of relative errors. Each point counts twice: by its median time,
 * and by the time that its throughput means (Little's law: concurrency × tokens of a call / tokens a second).
 *
 * @param measured two or more points of different concurrency
 */
export function latencyLineOf(measured: readonly MeasuredPoint[], outputTokens: number): LatencyLine {
  invariant(measured.length > 1, 'a line needs two points');
  const points = measured.flatMap(({ concurrency, p50Ms, outputTokensPerSecond }) => [
    { others: concurrency - 1, timeMs: p50Ms },
    { others: concurrency - 1, timeMs: (concurrency * outputTokens * 1_000) / outputTokensPerSecond },
  ]);
  // With weights 1/t²: the normal equations of t ≈ a + b × others.
  let [weights, xs, ts, xxs, xts] = [0, 0, 0, 0, 0];
  for (const { others, timeMs } of points) {
    const weight = 1 / timeMs ** 2;
    weights += weight;
    xs += weight * others;
    ts += weight * timeMs;
    xxs += weight * others * others;
    xts += weight * others * timeMs;
  }
  const perOtherMs = (weights * xts - xs * ts) / (weights * xxs - xs * xs);
  return { aloneMs: (ts - perOtherMs * xs) / weights, perOtherMs };
}
