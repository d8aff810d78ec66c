import type { LiveEvent } from '#contract/live.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import { refusal, unreachable } from '../gateway-client.ts';
import { readEvents } from './read-events.ts';

/** One gateway, and the last that was heard of it. */
export interface FollowedGateway {
  readonly url: string;
  last?: LiveEvent | undefined;
  /** Why nothing new comes. Undefined while events come. */
  trouble?: Error | undefined;
}

export interface Following {
  readonly key: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 1_000;
const ANSWER_MS_MAX = 15_000;
/** Events come once a second: who is silent for so long is no gateway any more. */
const SILENT_MS_MAX = 5_000;

/** Listens to a gateway until the signal aborts, and comes back wherever a connection ends. Never rejects. */
export async function followGateway(gateway: FollowedGateway, following: Following): Promise<void> {
  const { clock, signal } = following;
  let lastId: string | undefined;
  while (!signal.aborted) {
    try {
      for await (const { id, event } of listen(gateway.url, following, lastId)) {
        lastId = id;
        gateway.last = event;
        gateway.trouble = undefined;
      }
    } catch (error) {
      if (signal.aborted) return;
      gateway.trouble = error instanceof Error ? error : new Error(String(error));
    }
    await clock.sleep(AGAIN_MS, signal).catch(() => undefined);
  }
}

async function* listen(url: string, { key, clock, signal }: Following, lastId: string | undefined) {
  const silence = new AbortController();
  const onSilent = () => silence.abort(new Error(`The gateway at ${url} fell silent.`));
  let stopTimer = clock.after(ANSWER_MS_MAX, onSilent);
  try {
    const response = await answerOf(url, { key, lastId, signal: AbortSignal.any([signal, silence.signal]) });
    for await (const read of readEvents(response)) {
      stopTimer();
      stopTimer = clock.after(SILENT_MS_MAX, onSilent);
      yield read;
    }
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    stopTimer();
  }
}

/** @throws CommandFailure with what to do about it */
async function answerOf(
  url: string,
  asked: { readonly key: string; readonly lastId: string | undefined; readonly signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  const address = `${url.replace(/\/+$/, '')}/spillway/v1/events`;
  const headers = {
    authorization: `Bearer ${asked.key}`,
    accept: 'text/event-stream',
    ...(asked.lastId === undefined ? {} : { 'last-event-id': asked.lastId }),
  };
  let response: Response;
  try {
    response = await fetch(address, { headers, redirect: 'error', signal: asked.signal });
  } catch (error) {
    throw unreachable(address, error);
  }
  if (response.status === 200 && response.body !== null) return response.body;
  const body: unknown = await response.json().catch(() => undefined);
  throw refusal(url, { status: response.status, body });
}
