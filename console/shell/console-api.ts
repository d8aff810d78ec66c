/** The one way from the pages to the gateway: its own origin, with the key that the viewer typed. */
import { ApiProblem, problemOf, unreachable } from './api-problem.ts';
import { EventStreamParser, type StreamEvent } from './event-stream.ts';
import { KeptAnswers } from './kept-answers.ts';

export interface ConsoleApi {
  /**
   * @param path such as `/spillway/v1/availability?model=chat`
   * @throws ApiProblem
   */
  getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer>;
  /** @throws ApiProblem */
  postJson<Answer>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /**
   * Listens until it is closed, and comes back by itself with the last event's id where a connection breaks.
   *
   * @returns what ends it
   */
  openEvents(path: string, listener: EventsListener): () => void;
  /** The same gateway for another caller: an operator's own sign-in beside the viewer's key. Kept nowhere. */
  withCredential(credential: string): ConsoleApi;
}

interface EventsListener {
  onEvent(event: StreamEvent): void;
  /** `open` with each connection; `waiting` with why the last one broke, until the next. */
  onState(state: 'open' | 'waiting', problem?: ApiProblem): void;
}

export interface ConsoleApiOptions {
  /** An API key or a token. A secret. */
  readonly credential: string;
  /** The page's own address: a front door may have a path of its own before ours. */
  readonly base: string;
  readonly fetch: typeof fetch;
  /** Calls back after so many milliseconds. @default - setTimeout */
  readonly later?: (run: () => void, milliseconds: number) => void;
  /** Told that the key is not taken, or not any more. */
  readonly onUnauthorized: () => void;
}

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 15_000;

export function createConsoleApi(options: ConsoleApiOptions): ConsoleApi {
  const call = (path: string, init: RequestInit) => callGateway(options, path, init);
  const kept = new KeptAnswers();
  return {
    getJson: async <Answer>(path: string, signal?: AbortSignal) => {
      const response = await call(path, { headers: kept.headersFor(path), ...(signal && { signal }) });
      if (response.status === 304) return kept.again(path, response) as Answer;
      const answer = await readJson<Answer>(response);
      kept.keep(path, response, answer);
      return answer;
    },
    postJson: async <Answer>(path: string, body: unknown, headers = {}) =>
      readJson<Answer>(
        await call(path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        }),
      ),
    openEvents: (path, listener) => listen({ ...options, call }, path, listener),
    withCredential: (credential) =>
      createConsoleApi({ ...options, credential, onUnauthorized: () => undefined }),
  };
}

/** Relative to the page, so that what stands before our paths stays. */
const addressOf = (path: string, base: string): string => new URL(path.replace(/^\/+/, ''), base).href;

/** @throws ApiProblem for every answer but a success, or that nothing moved */
async function callGateway(options: ConsoleApiOptions, path: string, init: RequestInit): Promise<Response> {
  const { credential, base, onUnauthorized } = options;
  let response: Response;
  try {
    response = await options.fetch(addressOf(path, base), {
      ...init,
      headers: {
        ...(init.headers as Readonly<Record<string, string>>),
        authorization: `Bearer ${credential}`,
      },
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
    });
  } catch (error) {
    throw unreachable(error);
  }
  if (response.ok || response.status === 304) return response;
  if (response.status === 401) onUnauthorized();
  throw problemOf(response.status, await response.json().catch(() => undefined));
}

async function readJson<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new ApiProblem(response.status, 'no_json', 'The gateway’s answer broke off, or is no JSON.');
  }
}

interface Listening extends ConsoleApiOptions {
  readonly call: (path: string, init: RequestInit) => Promise<Response>;
}

/** By `fetch`, because the browser's own EventSource can show no key. */
function listen(options: Listening, path: string, listener: EventsListener): () => void {
  const stop = new AbortController();
  const later = options.later ?? ((run, milliseconds) => void setTimeout(run, milliseconds));
  let lastId = '';
  let failures = 0;
  const connect = async (): Promise<void> => {
    const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
    try {
      const response = await options.call(path, { headers, signal: stop.signal });
      failures = 0;
      listener.onState('open');
      for await (const event of eventsOf(response)) {
        if (event.id !== '') lastId = event.id;
        listener.onEvent(event);
      }
      again(new ApiProblem(200, 'stream_ended', 'The stream of events ended.'));
    } catch (error) {
      again(error instanceof ApiProblem ? error : unreachable(error));
    }
  };
  const again = (problem: ApiProblem): void => {
    if (stop.signal.aborted) return;
    listener.onState('waiting', problem);
    // Whoever may not listen now may not in a second either.
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) return;
    const milliseconds = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures);
    failures += 1;
    later(() => {
      if (!stop.signal.aborted) void connect();
    }, milliseconds);
  };
  void connect();
  return () => stop.abort();
}

async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  if (response.body === null) return;
  const parser = new EventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield* parser.take(value);
  }
}
