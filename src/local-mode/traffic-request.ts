/** One request of the generator, as an application would send it: streamed, with the demo key, read to its end. */
import { requestHeaders, responseHeaders } from '#contract/http.ts';
import type { TrafficAnswer } from '#contract/local-traffic.ts';

export interface TrafficCall {
  readonly url: string;
  readonly gateway: string;
  readonly key: string;
  readonly model: string;
  readonly residency: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Near enough to what tokenizers make of English, and what the gateway itself expects. */
const charactersPerToken = 4;

/** Never rejects: whatever comes back, or does not, is an answer to be counted. */
export async function sendTraffic(call: TrafficCall, stop: AbortSignal): Promise<TrafficAnswer> {
  const startedAt = performance.now();
  const end = await exchange(call, stop);
  return {
    at: new Date().toISOString(),
    model: call.model,
    gateway: call.gateway,
    milliseconds: Math.round(performance.now() - startedAt),
    ...end,
  };
}

type End = Pick<TrafficAnswer, 'status' | 'code' | 'tier' | 'region' | 'attempts'>;

async function exchange(call: TrafficCall, stop: AbortSignal): Promise<End> {
  try {
    const response = await fetch(`${call.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${call.key}`,
        'content-type': 'application/json',
        ...(call.residency === null ? {} : { [requestHeaders.residency]: call.residency }),
      },
      body: chatBody(call),
      signal: stop,
    });
    const text = await response.text();
    const attempts = response.headers.get(responseHeaders.attempts);
    return {
      status: response.status,
      code: codeIn(text),
      tier: response.headers.get(responseHeaders.tier),
      region: response.headers.get(responseHeaders.region),
      attempts: attempts === null ? null : Number(attempts),
    };
  } catch {
    return { status: null, code: 'unreachable', tier: null, region: null, attempts: null };
  }
}

function chatBody({ model, inputTokens, outputTokens }: TrafficCall): string {
  const content = 'word '.repeat(Math.ceil((inputTokens * charactersPerToken) / 5));
  return JSON.stringify({
    model,
    max_tokens: outputTokens,
    stream: true,
    messages: [{ role: 'user', content }],
  });
}

/** The code of an error, also of one in the middle of a stream; null where the stream came to its end. */
function codeIn(text: string): string | null {
  if (text.endsWith('data: [DONE]\n\n')) return null;
  return /"code":\s*"(\w+)"/.exec(text)?.[1] ?? 'incomplete';
}
