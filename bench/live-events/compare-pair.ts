/** Two gateways under the same load at the same time, one of which is listened to in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from '../gateway/bench-process.ts';
import { apiKey, type LoadOrder, type LoadReport } from '../gateway/protocol.ts';
import { figureOf } from '../gateway/statistics.ts';

export const LISTENERS = 20;
const WARM_UP_MS = 10_000;
const IDLE_MS = 5_000;
const warmUp = { connections: 8 };
const headers = { authorization: `Bearer ${apiKey}` };

type Two<Value> = readonly [Value, Value];

export interface PairOptions {
  /** One for each gateway. */
  readonly callers: Two<BenchProcess>;
  readonly gateways: Two<BenchProcess>;
  readonly watched: 0 | 1;
  readonly load: { readonly rounds: number; readonly measureMs: number; readonly perSecond: number };
}

export interface ComparedPair {
  /** Processor time of a request at the watched gateway while nobody listens, in microseconds. */
  readonly requestMicros: number;
  /** By what share the second comparison without listeners differs from the first: what is seen of nothing. */
  readonly floor: number;
  /** By what share a request takes more with listeners: the third comparison against the second. */
  readonly rise: number;
  /** Processor milliseconds a second that listeners take of a gateway without requests. */
  readonly idleMs: number;
}

/** @throws an Error for a wrong answer, and for a listener that was not told every second */
export async function comparePair(options: PairOptions): Promise<ComparedPair> {
  const { gateways, watched, load } = options;
  await loadBoth(options, warmUp, WARM_UP_MS);
  const first = await compare(options);
  const second = await compare(options);
  const stop = new AbortController();
  const { heard, ended } = await listen(gateways[watched], stop.signal);
  // What has never run is compiled once, for all requests that follow.
  await loadBoth(options, warmUp, WARM_UP_MS);
  const third = await compare(options);
  const idle = await processorMicros(gateways, () => delay(IDLE_MS));
  stop.abort();
  await ended;
  const least = (load.rounds * load.measureMs) / 1000;
  if (Math.min(...heard) < least) throw new Error(`listeners heard only ${heard.join(', ')} events`);
  return {
    requestMicros: second.micros,
    floor: second.ratio / first.ratio - 1,
    rise: third.ratio / second.ratio - 1,
    idleMs: (idle[watched] - idle[watched === 0 ? 1 : 0]) / IDLE_MS,
  };
}

/** The middle round's ratio of the watched gateway's processor time to the other's. */
async function compare(options: PairOptions): Promise<{ readonly ratio: number; readonly micros: number }> {
  const { watched, load } = options;
  const ratios: number[] = [];
  const micros: number[] = [];
  for (let round = 0; round < load.rounds; round += 1) {
    const both = await loadBoth(options, { perSecond: load.perSecond }, load.measureMs);
    ratios.push(both[watched] / both[watched === 0 ? 1 : 0]);
    micros.push(both[watched]);
  }
  return { ratio: figureOf(ratios).median, micros: figureOf(micros).median };
}

/** Processor microseconds of a request at each. */
async function loadBoth(
  { callers, gateways }: PairOptions,
  shape: LoadOrder['shape'],
  measureMs: number,
): Promise<Two<number>> {
  const answers = [0, 0];
  const call = async (at: 0 | 1): Promise<void> => {
    const url = `http://127.0.0.1:${gateways[at].port}/v1/chat/completions`;
    const order: LoadOrder = { url, headers, stream: false, shape, discardMs: 0, measureMs };
    const report = await callers[at].ask<LoadReport>(order);
    if (report.wrongCount > 0) throw new Error(`wrong answers: ${report.wrong.join('; ')}`);
    answers[at] = report.answersInAll;
  };
  const taken = await processorMicros(gateways, () => Promise.all([call(0), call(1)]));
  return [taken[0] / (answers[0] ?? 0), taken[1] / (answers[1] ?? 0)];
}

/** What both take while something goes on. */
async function processorMicros(
  gateways: Two<BenchProcess>,
  run: () => Promise<unknown>,
): Promise<Two<number>> {
  const read = async (gateway: BenchProcess): Promise<number> => {
    const { user, system } = await gateway.ask<NodeJS.CpuUsage>({});
    return user + system;
  };
  const readBoth = () => Promise.all([read(gateways[0]), read(gateways[1])]);
  const before = await readBoth();
  await run();
  const after = await readBoth();
  return [after[0] - before[0], after[1] - before[1]];
}

/** Each reads all that it is told, and counts it: a listener that hears nothing costs nothing. */
async function listen({ port }: BenchProcess, stop: AbortSignal) {
  const heard = Array.from({ length: LISTENERS }, () => 0);
  const opened = await Promise.all(
    heard.map(() => fetch(`http://127.0.0.1:${port}/spillway/v1/events`, { headers, signal: stop })),
  );
  const reading = opened.map(async ({ body, ok, status }, index) => {
    if (body === null || !ok) throw new Error(`no live events: ${status}`);
    const decoder = new TextDecoder();
    for await (const bytes of body)
      heard[index] = (heard[index] ?? 0) + (decoder.decode(bytes).match(/^id: /gm) ?? []).length;
  });
  return { heard, ended: Promise.allSettled(reading) };
}
