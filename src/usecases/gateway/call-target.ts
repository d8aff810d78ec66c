import { isContent, type ModelEvent } from '#core/chat/model-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.ts';
import { asFailure, CallerLeft, createGuard, failureOf, type Guard, type GuardedCall } from './call-guard.ts';

/** Events before the first content are few; a target that sends this many says nothing. */
const EVENTS_BEFORE_CONTENT_MAX = 1000;

/** Hears of each event of an answer, once, when it is read. */
export type AnswerWatch = (event: ModelEvent) => void;

export type ChatCall = GuardedCall &
  Pick<ModelCall, 'request' | 'source' | 'maxTokens' | 'jsonWay'> & {
    /** @default - nobody */
    readonly watch?: AnswerWatch | undefined;
  };

/** An answer that has begun: its first content is known. */
export interface TargetStream {
  readonly firstContentMs: number;
  /**
   * The next event; undefined after the terminal one. Call again only when the last call has ended.
   *
   * @throws UpstreamFailure when the stream breaks, stalls or ends without its terminal event; CallerLeft
   */
  next(): Promise<ModelEvent | undefined>;
  /** Takes the next event if it is here already; undefined when `next` must tell. Never throws. */
  takeArrived(): ModelEvent | undefined;
  /** Closes the upstream. Safe to call at any time, any number of times. */
  close(): void;
}

/**
 * Calls one target once with a chat and waits for its first content, under all deadlines.
 *
 * @throws UpstreamFailure when the call fails before its first content; CallerLeft
 */
export async function callTarget(
  ports: { readonly invoker: ModelInvoker; readonly clock: Clock },
  call: ChatCall,
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
  readonly takeRest: () => ModelEvent | undefined;
  readonly endsWithSignal: boolean;
  readonly call: ChatCall;
}

/** Opens the stream and reads up to its first content. */
async function beginAnswer(invoker: ModelInvoker, call: ChatCall, signal: AbortSignal): Promise<BegunAnswer> {
  const { target, request, source, maxTokens, jsonWay, traceparent, onSent, deadlines } = call;
  const events = await invoker.converse({
    target,
    request,
    source,
    maxTokens,
    jsonWay,
    traceparent,
    onSent,
    connectMsMax: deadlines.connectMs,
    signal,
  });
  const rest = events[Symbol.asyncIterator]();
  const takeRest = () => events.takeArrived?.();
  const endsWithSignal = events.endsWithSignal === true;
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
    if (isContent(step.value)) return { buffered, rest, takeRest, endsWithSignal, call };
  }
  throw failureOf(call, { kind: 'malformed', phase: 'in-stream', message: 'the stream has no content' });
}

function streamOf(
  begun: BegunAnswer & {
    readonly guard: Guard;
    readonly firstContentMs: number;
  },
): TargetStream {
  const { buffered, rest, takeRest, endsWithSignal, call, guard, firstContentMs } = begun;
  const { watch } = call;
  let stopped = false;
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    guard.end();
    void rest.return?.().catch(() => undefined);
  };
  const told = (event: ModelEvent | undefined): ModelEvent | undefined => {
    if (event === undefined) return undefined;
    if (event.type === 'message-stop') stopped = true;
    watch?.(event);
    return event;
  };
  const fail = (error: unknown): never => {
    guard.rest();
    close();
    throw asFailure(error, call, 'in-stream');
  };
  const onStep = (step: IteratorResult<ModelEvent>): ModelEvent | undefined => {
    guard.rest();
    if (step.done !== true) return told(step.value);
    if (!stopped) {
      const message = 'the stream ended without its terminal event';
      return fail(failureOf(call, { kind: 'incomplete', phase: 'in-stream', message }));
    }
    closed = true;
    guard.disarm();
    return undefined;
  };
  const takeArrived = (): ModelEvent | undefined =>
    told(buffered.shift() ?? (closed ? undefined : takeRest()));
  // Two functions for every event: an `async` one of each event's own costs more than the event.
  const reading = { onValue: onStep, onError: fail };
  const next = (): Promise<ModelEvent | undefined> => {
    const event = takeArrived();
    if (event !== undefined) return Promise.resolve(event);
    if (!endsWithSignal || guard.signal.aborted) return guard.betweenTokens(rest.next(), reading);
    guard.wait();
    return rest.next().then(onStep, fail);
  };
  return { firstContentMs, next, takeArrived, close };
}
