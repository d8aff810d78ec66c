/**
 * The callers. Reads every answer to its last byte and checks what it says: a proxy that is fast and wrong has lost.
 * Closed loop: so many connections, each with its next request as soon as the last is answered. Open loop: requests
 * fall due by the clock whatever comes back, and wait counts from then, so that a stall is felt by all that it held up.
 */
import { type Dispatcher, Pool } from 'undici';
import {
  type LoadOrder,
  type LoadReport,
  machineMicros,
  requestBody,
  STAMP,
  wholeText,
} from '../protocol.ts';
import { spreadOf } from '../statistics.ts';

/** Connections that the open loop may use: more than any contender that keeps up ever needs. */
const OPEN_CONNECTIONS = 256;
/** After the last request fell due, what is still open has failed. */
const DRAIN_MS = 10_000;
const WRONG_SHOWN_MAX = 3;

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.({ port: 0 });

class Tally {
  readonly latencies: number[] = [];
  readonly firstContents: number[] = [];
  readonly deltas: number[] = [];
  readonly wrong: string[] = [];
  wrongCount = 0;
  answersInAll = 0;
  readonly fromMs: number;
  readonly toMs: number;

  constructor({ discardMs, measureMs }: LoadOrder) {
    this.fromMs = performance.now() + discardMs;
    this.toMs = this.fromMs + measureMs;
  }

  /** Whether what happened now lies in the measured stretch. */
  counts(atMs: number): boolean {
    return atMs >= this.fromMs && atMs < this.toMs;
  }

  fail(why: string): void {
    this.wrongCount += 1;
    if (this.wrong.length < WRONG_SHOWN_MAX) this.wrong.push(why);
  }

  report({ measureMs }: LoadOrder): LoadReport {
    const answers = this.latencies.length;
    return {
      answers,
      perSecond: (answers * 1000) / measureMs,
      answersInAll: this.answersInAll,
      latency: spreadOf(this.latencies),
      firstContent: spreadOf(this.firstContents),
      delta: spreadOf(this.deltas),
      wrong: this.wrong,
      wrongCount: this.wrongCount,
    };
  }
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const { origin, pathname } = new URL(order.url);
  const isOpen = 'perSecond' in order.shape;
  const connections = 'connections' in order.shape ? order.shape.connections : OPEN_CONNECTIONS;
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const tally = new Tally(order);
  const body = requestBody(order.stream);
  const headers = { ...order.headers, 'content-type': 'application/json' };
  const send = (dueMs: number) =>
    new Promise<void>((done) => {
      const handler = new Caller({ tally, dueMs, stream: order.stream, countsByDue: isOpen, done });
      pool.dispatch({ path: pathname, method: 'POST', headers, body }, handler);
    });
  if ('perSecond' in order.shape) await openLoop(order.shape.perSecond, tally, send);
  else await Promise.all(Array.from({ length: connections }, () => closedLoop(tally, send)));
  await pool.destroy();
  return tally.report(order);
}

async function closedLoop(tally: Tally, send: (dueMs: number) => Promise<void>): Promise<void> {
  for (let now = performance.now(); now < tally.toMs; now = performance.now()) {
    const failures = tally.wrongCount;
    await send(now);
    // Something that answers nothing right must not be asked a million times.
    if (tally.wrongCount > failures) await new Promise((go) => setTimeout(go, 50));
  }
}

async function openLoop(
  perSecond: number,
  tally: Tally,
  send: (dueMs: number) => Promise<void>,
): Promise<void> {
  const startMs = performance.now();
  const open = new Set<Promise<void>>();
  for (let sent = 0; ; ) {
    const now = performance.now();
    if (now >= tally.toMs) break;
    for (; startMs + (sent * 1000) / perSecond <= now; sent += 1) {
      const call = send(startMs + (sent * 1000) / perSecond);
      open.add(call);
      void call.then(() => open.delete(call));
    }
    await new Promise((go) => setTimeout(go, Math.max(0, startMs + (sent * 1000) / perSecond - now)));
  }
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, DRAIN_MS);
  await Promise.race([Promise.all(open), late.promise]);
  clearTimeout(timer);
  for (const _ of open) tally.fail('no answer within ten seconds of the last request');
}

interface CallerOptions {
  readonly tally: Tally;
  readonly dueMs: number;
  readonly stream: boolean;
  /** A request counts by the moment at which it was due; else by that of its last byte. */
  readonly countsByDue: boolean;
  readonly done: () => void;
}

/** One request and its answer. */
class Caller implements Dispatcher.DispatchHandler {
  readonly #options: CallerOptions;
  #status = 0;
  /** A plain body, or what of a stream is not a whole event yet. */
  #held = '';
  #text = '';
  #finished = false;
  #marked = false;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  onRequestStart(): void {
    // Nothing to keep: a call is never given up.
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // The answers are ASCII: no character is ever cut.
    this.#held += chunk.toString('latin1');
    if (this.#options.stream && this.#status === 200) this.#readEvents();
  }

  onResponseEnd(): void {
    const { tally, dueMs, stream, countsByDue, done } = this.#options;
    const endMs = performance.now();
    tally.answersInAll += 1;
    const why = stream && this.#status === 200 ? this.#wrongStream() : this.#wrongPlain();
    if (why !== undefined) tally.fail(why);
    else if (tally.counts(countsByDue ? dueMs : endMs)) tally.latencies.push(endMs - dueMs);
    done();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#options.tally.fail(`the connection failed: ${error.message}`);
    this.#options.done();
  }

  #readEvents(): void {
    const events = this.#held.split('\n\n');
    this.#held = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: ')) this.#readEvent(event.slice(6));
  }

  #readEvent(data: string): void {
    if (data === '[DONE]') {
      this.#marked = true;
      return;
    }
    const chunk = parsed(data) as {
      choices?: { delta?: { content?: string }; finish_reason?: string | null }[];
    };
    const choice = chunk?.choices?.[0];
    if (choice?.finish_reason === 'stop') this.#finished = true;
    const content = choice?.delta?.content;
    if (typeof content === 'string' && content !== '') this.#readDelta(content);
  }

  #readDelta(content: string): void {
    const { tally, dueMs } = this.#options;
    const counts = tally.counts(dueMs);
    if (this.#text === '' && counts) tally.firstContents.push(performance.now() - dueMs);
    const mark = content.indexOf(STAMP);
    this.#text += mark < 0 ? content : content.slice(0, mark);
    if (mark >= 0 && counts) tally.deltas.push((machineMicros() - Number(content.slice(mark + 1))) / 1000);
  }

  #wrongPlain(): string | undefined {
    const answer = parsed(this.#held) as { choices?: { message?: { content?: string } }[] };
    const isRight = this.#status === 200 && answer?.choices?.[0]?.message?.content === wholeText;
    return isRight ? undefined : `status ${this.#status}: ${this.#held.slice(0, 200)}`;
  }

  #wrongStream(): string | undefined {
    if (this.#text !== wholeText) return `the stream said ${JSON.stringify(this.#text.slice(0, 200))}`;
    if (!this.#finished) return 'the stream gave no reason for its end';
    return this.#marked ? undefined : 'the stream ended without [DONE]';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
