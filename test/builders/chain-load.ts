/** Users whose one question becomes five calls, one after the other, and who come in bursts. */
import { createSeededRandom } from '#core/units/random.ts';

/** Embed the question, plan twice, write twice: 50 ms class and seconds class in one chain. */
export const chainModels = ['embed', 'chat-small', 'chat-small', 'chat-large', 'chat-large'] as const;

/** About 64 tokens: 1.4 s before scaling. */
const OUTPUT_TOKENS = 64;

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

export interface CallResult {
  readonly model: string;
  readonly status: number;
  readonly tier: string | null;
  readonly durationMs: number;
}

export interface ChainResult {
  readonly durationMs: number;
  readonly calls: readonly CallResult[];
}

/** Sends the calls of one chain under one trace; stops at the first that fails, as an application would. */
async function runChain(gatewayUrl: string, number: number, run: number): Promise<ChainResult> {
  const trace = `${run.toString(16).padStart(16, 'c')}${number.toString(16).padStart(16, '0')}`;
  const traceparent = `00-${trace}-00000000000000ab-01`;
  const startedMs = performance.now();
  const calls: CallResult[] = [];
  for (const [step, model] of chainModels.entries()) {
    const calledMs = performance.now();
    const isEmbedding = model === 'embed';
    const question = `Question ${number}, step ${step}: what does the sea say?`;
    const body = isEmbedding
      ? { model, input: question }
      : { model, max_tokens: OUTPUT_TOKENS, messages: [{ role: 'user', content: question }] };
    const response = await fetch(`${gatewayUrl}/v1/${isEmbedding ? 'embeddings' : 'chat/completions'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-local', traceparent },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    const { status, headers } = response;
    const durationMs = performance.now() - calledMs;
    calls.push({ model, status, tier: headers.get('x-spillway-tier'), durationMs });
    if (status !== 200) break;
  }
  return { durationMs: performance.now() - startedMs, calls };
}

/** Each run has traces of its own. */
let runs = 0;

/** @param onHalf called when half of the chains have begun */
export async function runChains(
  gatewayUrl: string,
  arrivals: readonly number[],
  onHalf: () => Promise<void> = async () => undefined,
): Promise<readonly ChainResult[]> {
  runs += 1;
  const run = runs;
  const startedMs = performance.now();
  const underWay: Promise<ChainResult>[] = [];
  for (const [number, atMs] of arrivals.entries()) {
    const waitMs = atMs - (performance.now() - startedMs);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (number === Math.floor(arrivals.length / 2)) await onHalf();
    underWay.push(runChain(gatewayUrl, number, run));
  }
  return Promise.all(underWay);
}

/** The smallest that at least this share of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
