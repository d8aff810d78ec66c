import { admissibleTokens, kvTokensOfRequest } from '../kv/kv-tokens.ts';
import type { KvPool } from '../kv/resolve-engine.ts';
import { type EngineSpeed, firstTokenMsOf, paceOf } from './engine-speed.ts';
import { type CallLengths, quantileOf, type Traffic, type TrafficBin, totalOf } from './traffic.ts';

/** What is promised of answers. Milliseconds that nineteen of twenty calls keep. */
export interface ServiceLevel {
  readonly firstTokenMs: number;
  readonly tokenMs: number;
}

/** What keeps a copy from running one request more; `measurement`: nobody measured more. */
type CopyBound = 'measurement' | 'memory' | 'first token' | 'later tokens';

/** What one copy may have under way. */
export interface CopyLimits {
  /** 0: a copy cannot hold the service level, or no request fits into it. */
  readonly requests: number;
  readonly bound: CopyBound;
  /** That may be reserved of its cache. */
  readonly kvTokens: number;
  /** That such a call reserves: what it reads, and the output that nine of ten do not exceed. */
  readonly kvTokensPerRequest: number;
  /** Share of calls too long for the cache of a copy: they always go elsewhere. */
  readonly tooLongShare: number;
  /** Of all tokens, those of calls that are too long. */
  readonly tooLongInputShare: number;
  readonly tooLongOutputShare: number;
  /** That nineteen of twenty calls keep in a full copy. */
  readonly firstTokenMs: number;
  /** In a full copy. */
  readonly tokenMs: number;
  /** Calls a second of a full copy. */
  readonly callsPerSecond: number;
}

/** Stands for calls where there are none. */
const ONE_TOKEN_EACH: CallLengths = { inputTokens: 1, outputTokens: 1 };
const LENGTH_SHARE = 0.95;
/** As the gateway reserves output. */
const OUTPUT_SHARE = 0.9;
/** Of a normal distribution: nineteen of twenty times the calls of a full copy fit. */
const NINETEEN_OF_TWENTY = 1.645;

/**
 * How many requests a copy may have at a time: as many as its cache holds, nineteen of twenty times, and as many as
 * keep the service level even when all of them are there.
 */
export function limitsOfCopy(question: {
  readonly traffic: Traffic;
  readonly speed: EngineSpeed;
  readonly pool: KvPool;
  readonly level: ServiceLevel;
}): CopyLimits {
  const { traffic, speed, pool, level } = question;
  const kvTokens = admissibleTokens(pool.tokens);
  const reserved = reservations(traffic.sample.length > 0 ? traffic.sample : [ONE_TOKEN_EACH], pool);
  const fitting = reserved.filter(({ tokens }) => tokens <= kvTokens);
  const memory = requestsInCache(
    fitting.map(({ tokens }) => tokens),
    kvTokens,
  );
  const measured = speed.tokenMs.at(-1)?.[0] ?? 0;
  const long = tooLong(reserved, kvTokens);
  const call = meanCall(fittingTraffic(traffic.bins, long));
  const prompt = quantileOf(
    fitting.map(({ call: { inputTokens } }) => inputTokens),
    LENGTH_SHARE,
  );
  const at = (running: number) => {
    const pace = paceOf(speed, { ...call, running });
    const lengths = { meanInputTokens: call.inputTokens, longInputTokens: prompt };
    return { ...pace, firstTokenMs: firstTokenMsOf(speed, { ...lengths, running, pace }) };
  };
  const keepsTokens = largest(measured, (running) => at(running).tokenMs <= level.tokenMs);
  const keepsFirst = largest(measured, (running) => at(running).firstTokenMs <= level.firstTokenMs);
  const bounds: readonly (readonly [CopyBound, number])[] = [
    ['measurement', measured],
    ['memory', memory],
    ['first token', keepsFirst],
    ['later tokens', keepsTokens],
  ];
  const [bound, requests] = bounds.reduce((least, each) => (each[1] < least[1] ? each : least));
  const full = at(Math.max(1, requests));
  return {
    ...{ requests, bound, kvTokens, ...long },
    kvTokensPerRequest: Math.round(meanOf(fitting.map(({ tokens }) => tokens))),
    firstTokenMs: full.firstTokenMs,
    tokenMs: full.tokenMs,
    callsPerSecond: full.callMs > 0 ? (requests * 1_000) / full.callMs : 0,
  };
}

type TooLong = Pick<CopyLimits, 'tooLongShare' | 'tooLongInputShare' | 'tooLongOutputShare'>;

/** What is left of each bin without the calls that never fit. */
export function fittingTraffic(bins: readonly TrafficBin[], long: TooLong): readonly TrafficBin[] {
  return bins.map(({ seconds, requests, inputTokens, outputTokens }) => ({
    seconds,
    requests: requests * (1 - long.tooLongShare),
    inputTokens: inputTokens * (1 - long.tooLongInputShare),
    outputTokens: outputTokens * (1 - long.tooLongOutputShare),
  }));
}

/** The mean call of so many bins; one token each where there is none. */
export function meanCall(bins: readonly TrafficBin[]): CallLengths {
  const { requests, inputTokens, outputTokens } = totalOf(bins);
  if (requests === 0) return ONE_TOKEN_EACH;
  return { inputTokens: inputTokens / requests, outputTokens: outputTokens / requests };
}

interface Reservation {
  readonly call: CallLengths;
  readonly tokens: number;
}

function reservations(sample: readonly CallLengths[], { fixedTokens }: KvPool): readonly Reservation[] {
  const outputTokens = quantileOf(
    sample.map((call) => call.outputTokens),
    OUTPUT_SHARE,
  );
  return sample.map((call) => ({
    call,
    tokens: kvTokensOfRequest({ inputTokens: call.inputTokens, outputTokens, fixedTokens }),
  }));
}

/** The most calls k with k × mean + 1.645 × deviation × √k ≤ room, and one at least where any fits. */
function requestsInCache(reserved: readonly number[], room: number): number {
  if (reserved.length === 0) return 0;
  const mean = meanOf(reserved);
  const deviation = Math.sqrt(meanOf(reserved.map((tokens) => (tokens - mean) ** 2)));
  const spread = NINETEEN_OF_TWENTY * deviation;
  const root = (Math.sqrt(spread * spread + 4 * mean * room) - spread) / (2 * mean);
  return Math.max(1, Math.floor(root * root + 1e-9));
}

function tooLong(reserved: readonly Reservation[], room: number): TooLong {
  const long = reserved.filter(({ tokens }) => tokens > room).map(({ call }) => call);
  const all = reserved.map(({ call }) => call);
  const share = (count: (call: CallLengths) => number): number => {
    const whole = all.reduce((sum, call) => sum + count(call), 0);
    return whole === 0 ? 0 : long.reduce((sum, call) => sum + count(call), 0) / whole;
  };
  return {
    tooLongShare: share(() => 1),
    tooLongInputShare: share(({ inputTokens }) => inputTokens),
    tooLongOutputShare: share(({ outputTokens }) => outputTokens),
  };
}

/** The last of 1, 2, … `most` until which `holds` is true; 0 where it is not of 1. */
function largest(most: number, holds: (running: number) => boolean): number {
  let running = 0;
  while (running < most && holds(running + 1)) running += 1;
  return running;
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
