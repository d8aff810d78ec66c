/** Users whose one question becomes five calls, one after the other, and who come in bursts. All times are scaled ones. */
import { createSeededRandom } from '#core/units/random.ts';

/** Embed the question, plan twice, write twice: 50 ms class and seconds class in one chain. */
export const chainModels = ['embed', 'chat-small', 'chat-small', 'chat-large', 'chat-large'] as const;

/** What each chat answers: 4.1 s alone, of dialogue's 3 to 5 s. */
const OUTPUT_TOKENS = 200;
/** Longer than that many tokens, so that every answer is as long as it may be. */
const WORDS = 250;

export interface LoadPlan {
  readonly seed: number;
  readonly chains: number;
  /** Over the whole run, bursts included. */
  readonly chainsPerSecond: number;
  /** Of each burst: it stands in the middle of a period ten times as long. */
  readonly burstSeconds: number;
}

/** Bursts come at three times the mean rate for a tenth of the time; between them it is so much lower. */
const BURST_RATE = 3;
const BURST_SHARE = 0.1;
const CALM_RATE = (1 - BURST_SHARE * BURST_RATE) / (1 - BURST_SHARE);

/** When each chain begins, in milliseconds: exponential gaps at the rate of their moment. Same plan, same instants. */
export function arrivalsOf({ seed, chains, chainsPerSecond, burstSeconds }: LoadPlan): readonly number[] {
  const random = createSeededRandom(seed);
  const period = burstSeconds / BURST_SHARE;
  const arrivals: number[] = [];
  let atSeconds = 0;
  while (arrivals.length < chains) {
    const isBurst = Math.abs((atSeconds % period) - period / 2) < burstSeconds / 2;
    atSeconds -= Math.log(1 - random.next()) / (chainsPerSecond * (isBurst ? BURST_RATE : CALM_RATE));
    arrivals.push(atSeconds * 1000);
  }
  return arrivals;
}

/** The same chains with a quiet time after each so many milliseconds of traffic. */
export function withQuietTimes(
  arrivals: readonly number[],
  { busyMs, quietMs }: { readonly busyMs: number; readonly quietMs: number },
): readonly number[] {
  return arrivals.map((atMs) => atMs + Math.floor(atMs / busyMs) * quietMs);
}

export interface CallResult {
  readonly model: string;
  /** Of the last try. */
  readonly status: number;
  readonly tier: string | null;
  readonly tries: number;
  /** Epoch milliseconds of the machine, as the journal has them. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly durationMs: number;
}

export interface ChainResult {
  readonly trace: string;
  readonly durationMs: number;
  readonly calls: readonly CallResult[];
}

export interface ChainRun {
  readonly url: string;
  readonly timeScale: number;
  /** When each chain begins. */
  readonly arrivals: readonly number[];
  /** @default - the five that are meant */
  readonly models?: readonly string[];
  /** Of each chat; answers are as long as they may be. @default 200 */
  readonly outputTokens?: number;
  /** How long an application asks again where it was refused. @default 0: a refusal ends its chain */
  readonly askAgainMs?: number;
  /** Called when half of the chains have begun. */
  readonly onHalf?: () => Promise<void>;
  /** Told now and then how many have begun. */
  readonly onProgress?: (begun: number) => void;
}

/** Each run has traces of its own. */
let runs = 0;

export async function runChains(run: ChainRun): Promise<readonly ChainResult[]> {
  const { arrivals, timeScale, onHalf, onProgress } = run;
  runs += 1;
  const prefix = runs.toString(16).padStart(16, 'c');
  const startedMs = performance.now();
  const underWay: Promise<ChainResult>[] = [];
  for (const [number, atMs] of arrivals.entries()) {
    const waitMs = atMs * timeScale - (performance.now() - startedMs);
    if (waitMs > 0) await sleep(waitMs);
    if (number === Math.floor(arrivals.length / 2)) await onHalf?.();
    if (number % 20 === 0) onProgress?.(number);
    underWay.push(runChain(run, { number, trace: `${prefix}${number.toString(16).padStart(16, '0')}` }));
  }
  return Promise.all(underWay);
}

interface ChainName {
  readonly number: number;
  readonly trace: string;
}

/** Sends the calls of one chain under one trace; stops at the first that fails, as an application would. */
async function runChain(run: ChainRun, { number, trace }: ChainName): Promise<ChainResult> {
  const { timeScale, models = chainModels } = run;
  const startedMs = performance.now();
  const calls: CallResult[] = [];
  for (const [step, model] of models.entries()) {
    const question = `Question ${number}, step ${step}: what does the sea say? Answer in ${WORDS} words.`;
    const answered = await callUntilAnswered(run, { model, question, trace });
    calls.push(answered);
    if (answered.status !== 200) break;
  }
  return { trace, durationMs: (performance.now() - startedMs) / timeScale, calls };
}

interface ChainCall {
  readonly model: string;
  readonly question: string;
  readonly trace: string;
}

async function callUntilAnswered(run: ChainRun, call: ChainCall): Promise<CallResult> {
  const { timeScale, askAgainMs = 0 } = run;
  const askedAt = Date.now();
  const startedMs = performance.now();
  const passedMs = (): number => (performance.now() - startedMs) / timeScale;
  for (let tries = 1; ; tries += 1) {
    const { status, headers } = await send(run, call);
    const answered = { status, tier: headers.get('x-spillway-tier'), tries, askedAt, answeredAt: Date.now() };
    if (status < 429 || passedMs() >= askAgainMs)
      return { model: call.model, ...answered, durationMs: passedMs() };
    // As long as it is told to wait, and never so often that asking is the load.
    const waitMs = Math.max(ASK_AGAIN_MS_MIN, 1000 * Number(headers.get('retry-after') ?? 0));
    await sleep(Math.min(waitMs, ASK_AGAIN_MS_MAX) * timeScale);
  }
}

const ASK_AGAIN_MS_MIN = 5_000;
const ASK_AGAIN_MS_MAX = 20_000;

async function send(
  { url, outputTokens = OUTPUT_TOKENS }: ChainRun,
  { model, question, trace }: ChainCall,
): Promise<Response> {
  const isEmbedding = model.startsWith('embed');
  const body = isEmbedding
    ? { model, input: question }
    : { model, max_tokens: outputTokens, messages: [{ role: 'user', content: question }] };
  const response = await fetch(`${url}/v1/${isEmbedding ? 'embeddings' : 'chat/completions'}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-local',
      traceparent: `00-${trace}-00000000000000ab-01`,
    },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response;
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds));

/** The smallest that at least this share of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
