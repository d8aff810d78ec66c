import { type CopyLimits, fittingTraffic, meanCall } from './copy-limits.ts';
import { type EngineSpeed, paceOf } from './engine-speed.ts';
import { lossOfCopies } from './spill-share.ts';
import { type TrafficBin, totalOf } from './traffic.ts';

/** As AWS's own price examples count. */
export const HOURS_PER_MONTH = 730;
const MONTH_SECONDS = HOURS_PER_MONTH * 3_600;

/** What copies run on. */
interface Hosting {
  readonly instanceType: string;
  readonly gpusPerCopy: number;
  readonly copiesPerInstance: number;
  readonly microUsdPerHour: number;
}

/** What a call costs elsewhere. */
export interface ServerlessPrice {
  readonly inputMicroUsdPerMillionTokens: number;
  readonly outputMicroUsdPerMillionTokens: number;
}

/** One kind of copy, and what it can take. */
export interface CopyKind {
  readonly hosting: Hosting;
  readonly speed: EngineSpeed;
  readonly limits: CopyLimits;
}

/** What a number of copies comes to. */
export interface PlanPoint {
  readonly copies: number;
  readonly instances: number;
  /** Of all calls, those that go elsewhere: too long for a copy, or none had room. */
  readonly spillShare: number;
  /** Requests under way, of those that the copies may have; the mean over all time. 0 without copies. */
  readonly usedShare: number;
  readonly copiesMicroUsdPerMonth: number;
  /** 0 where nothing serverless may answer: such calls are refused. */
  readonly spillMicroUsdPerMonth: number;
  readonly microUsdPerMonth: number;
}

/** So many copies under traffic by levels of load, for a month that is like the whole of it. */
export function evaluateCopies(question: {
  readonly levels: readonly TrafficBin[];
  readonly kind: CopyKind;
  readonly copies: number;
  /** @default - what does not fit is refused, and costs nothing */
  readonly serverless?: ServerlessPrice | undefined;
}): PlanPoint {
  const { levels, kind, copies, serverless } = question;
  const { limits, hosting } = kind;
  const total = totalOf(levels);
  const fitting = fittingTraffic(levels, limits);
  let running = 0;
  const carried = totalOf(
    fitting.map((level) => {
      const loss = lossAt(level, kind, copies);
      running += loss.running * level.seconds;
      return scaled(level, 1 - loss.blockedShare);
    }),
  );
  const instances = Math.ceil(copies / hosting.copiesPerInstance);
  const copiesMicroUsdPerMonth = Math.round(instances * hosting.microUsdPerHour * HOURS_PER_MONTH);
  const spillMicroUsdPerMonth = serverless === undefined ? 0 : priceOf(total, carried, serverless);
  const slotSeconds = copies * limits.requests * total.seconds;
  return {
    copies,
    instances,
    spillShare: total.requests === 0 ? 0 : Math.max(0, 1 - carried.requests / total.requests),
    usedShare: slotSeconds === 0 ? 0 : running / slotSeconds,
    copiesMicroUsdPerMonth,
    spillMicroUsdPerMonth,
    microUsdPerMonth: copiesMicroUsdPerMonth + spillMicroUsdPerMonth,
  };
}

function lossAt(level: TrafficBin, { speed, limits }: CopyKind, copies: number) {
  if (level.requests === 0 || copies === 0) return { blockedShare: level.requests === 0 ? 0 : 1, running: 0 };
  const call = meanCall([level]);
  const seconds = Array.from(
    { length: limits.requests + 1 },
    (_, running) => paceOf(speed, { ...call, running: Math.max(1, running) }).callMs / 1_000,
  );
  return lossOfCopies({
    arrivalsPerSecond: level.requests / level.seconds,
    copies,
    requestsPerCopy: limits.requests,
    callSeconds: (running) => between(seconds, running),
  });
}

/** Copies run whole numbers of requests; a mean of many copies lies on the line between two of them. */
function between(seconds: readonly number[], running: number): number {
  const below = Math.floor(running);
  const [low = 0, high = low] = [seconds[below], seconds[below + 1]];
  return low + (high - low) * (running - below);
}

function priceOf(total: TrafficBin, carried: TrafficBin, price: ServerlessPrice): number {
  if (total.seconds === 0) return 0;
  const input = (total.inputTokens - carried.inputTokens) * price.inputMicroUsdPerMillionTokens;
  const output = (total.outputTokens - carried.outputTokens) * price.outputMicroUsdPerMillionTokens;
  return Math.max(0, Math.round((((input + output) / 1_000_000) * MONTH_SECONDS) / total.seconds));
}

function scaled({ seconds, requests, inputTokens, outputTokens }: TrafficBin, factor: number): TrafficBin {
  return {
    seconds,
    requests: requests * factor,
    inputTokens: inputTokens * factor,
    outputTokens: outputTokens * factor,
  };
}
