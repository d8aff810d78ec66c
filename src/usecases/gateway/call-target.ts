import { isContent, type ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Clock } from '../ports/clock.ts';
import { type ModelCall, type ModelInvoker, UpstreamFailure } from '../ports/model-invoker.ts';

import { createWatchdog, type Watchdog } from './watchdog.ts';

/** Events before the first content are few; a target that sends this many says nothing. */
const EVENTS_BEFORE_CONTENT_MAX = 1000;

export interface CallDeadlines {
  readonly connectMs: number;
  readonly firstContentMs: number;
  readonly betweenTokensMs: number;
  /** What is left of the whole request's time. */
  readonly totalMs: number;
}

export interface TargetCall extends Omit<ModelCall, 'signal' | 'connectMsMax'> {
  readonly deadlines: CallDeadlines;
  /** Aborts when the caller leaves. */
  readonly callerSignal: AbortSignal;
}

/** The caller has left: nobody is waiting for the answer, and nothing was learned of the target. */
export class CallerLeft extends Error {
  constructor() {
    super('the caller left');
    this.name = 'CallerLeft';
  }
}

/** An answer that has begun: its first content is known. */
export interface TargetStream {
  readonly firstContentMs: number;
  /**
   * The next event; undefined after the terminal one. Call again only when the last call has ended.
   *
   * @throws UpstreamFailure when the stream breaks, stalls or ends without its terminal event; CallerLeft
   */
  next(): Promise<ModelEvent | undefined>;
  /** Closes the upstream. Safe to call at any time, any number of times. */
  close(): void;
}

/**
 * Calls one target once and waits for its first content, under all deadlines.
 *
 * @throws UpstreamFailure when the call fails before its first content; CallerLeft
 */
export async function callTarget(
  ports: { readonly invoker: ModelInvoker; readonly clock: Clock },
  call: TargetCall,
): Promise<TargetStream> {
  const { clock } = ports;
  if (call.callerSignal.aborted) throw new CallerLeft();
  const guard = createGuard(clock, call);
  const startedMs = clock.monotonicMs();
  try {
    const begun = await guard.within('first-content', beginAnswer(ports.invoker, call, guard.signal));
    return streamOf({
      ...begun,
      guard,
      firstContentMs: clock.monotonicMs() - startedMs,
    });
  } catch (error) {
    guard.end();
    throw asFailure(error, call, 'before');
  }
}

interface BegunAnswer {
  readonly buffered: ModelEvent[];
  readonly rest: AsyncIterator<ModelEvent>;
  readonly call: TargetCall;
}

/** Opens the stream and reads up to its first content. */
async function beginAnswer(
  invoker: ModelInvoker,
  call: TargetCall,
  signal: AbortSignal,
): Promise<BegunAnswer> {
  const { target, request, maxTokens, traceparent, onSent, deadlines } = call;
  const events = await invoker.converse({
    target,
    request,
    maxTokens,
    traceparent,
    onSent,
    connectMsMax: deadlines.connectMs,
    signal,
  });
  const rest = events[Symbol.asyncIterator]();
  const buffered: ModelEvent[] = [];
  while (buffered.length < EVENTS_BEFORE_CONTENT_MAX) {
    const step = await rest.next();
    if (step.done === true)
      throw failureOf(call, {
        kind: 'incomplete',
        phase: 'in-stream',
        message: 'the stream ended before any content',
      });
    buffered.push(step.value);
    if (isContent(step.value)) return { buffered, rest, call };
  }
  throw failureOf(call, { kind: 'malformed', phase: 'in-stream', message: 'the stream has no content' });
}

function streamOf(
  begun: BegunAnswer & {
    readonly guard: Guard;
    readonly firstContentMs: number;
  },
): TargetStream {
  const { buffered, rest, call, guard, firstContentMs } = begun;
  let stopped = false;
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    guard.end();
    void rest.return?.().catch(() => undefined);
  };
  const read = async (): Promise<ModelEvent | undefined> => {
    const step = await guard.within('between-tokens', rest.next());
    if (step.done !== true) return step.value;
    if (!stopped)
      throw failureOf(call, {
        kind: 'incomplete',
        phase: 'in-stream',
        message: 'the stream ended without its terminal event',
      });
    closed = true;
    guard.disarm();
    return undefined;
  };
  const next = async (): Promise<ModelEvent | undefined> => {
    try {
      const event = buffered.shift() ?? (await read());
      if (event?.type === 'message-stop') stopped = true;
      return event;
    } catch (error) {
      close();
      throw asFailure(error, call, 'in-stream');
    }
  };
  return { firstContentMs, next, close };
}

type Deadline = NonNullable<UpstreamSignal['deadline']>;

interface Guard {
  /** Aborts when a deadline passes, the caller leaves, or the call is over. */
  readonly signal: AbortSignal;
  within<Value>(deadline: 'first-content' | 'between-tokens', work: Promise<Value>): Promise<Value>;
  /** Stops the clocks; the upstream has ended by itself. */
  disarm(): void;
  /** Stops the clocks and closes the upstream. */
  end(): void;
}

/** One place for everything that can end a call from our side; the first reason stands. */
function createGuard(clock: Clock, call: TargetCall): Guard {
  const { deadlines } = call;
  const upstream = new AbortController();
  const over = new AbortController();
  const late = (deadline: Deadline): void => {
    const phase = deadline === 'between-tokens' ? 'in-stream' : 'before';
    abort(failureOf(call, { kind: 'timeout', deadline, phase, message: `the ${deadline} deadline passed` }));
  };
  const dog = (milliseconds: number, deadline: Deadline): Watchdog =>
    createWatchdog({ clock, milliseconds, onLate: () => late(deadline) });
  const dogs = {
    'first-content': dog(deadlines.firstContentMs, 'first-content'),
    'between-tokens': dog(deadlines.betweenTokensMs, 'between-tokens'),
  };
  const abort = (reason: unknown): void => {
    upstream.abort(reason);
    for (const each of Object.values(dogs)) each.fail(upstream.signal.reason);
  };
  const disarm = (): void => {
    over.abort();
    for (const each of Object.values(dogs)) each.stop();
  };
  call.callerSignal.addEventListener('abort', () => abort(new CallerLeft()), {
    once: true,
    signal: over.signal,
  });
  clock.sleep(deadlines.totalMs, over.signal).then(
    () => late('total'),
    () => undefined,
  );
  return {
    signal: upstream.signal,
    within: async (deadline, work) => {
      try {
        return await dogs[deadline].watch(work);
      } catch (error) {
        throw upstream.signal.aborted ? upstream.signal.reason : error;
      }
    },
    disarm,
    end: () => {
      disarm();
      abort(new CallerLeft());
    },
  };
}

function failureOf(call: TargetCall, signal: Omit<UpstreamSignal, 'service'>): UpstreamFailure {
  const service = call.target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
  return new UpstreamFailure({ service, ...signal });
}

/** What an adapter throws besides UpstreamFailure is its own defect: the target is left, the cause is kept. */
function asFailure(error: unknown, call: TargetCall, phase: 'before' | 'in-stream'): Error {
  if (error instanceof UpstreamFailure || error instanceof CallerLeft) return error;
  const { signal } = failureOf(call, { kind: 'malformed', phase, message: 'the answer could not be read' });
  return new UpstreamFailure(signal, error);
}
