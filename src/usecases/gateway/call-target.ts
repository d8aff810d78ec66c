import { isContent, type ModelEvent } from '#core/chat/model-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.ts';
import { asFailure, CallerLeft, createGuard, failureOf, type Guard, type GuardedCall } from './call-guard.ts';

/** Events before the first content are few; a target that sends this many says nothing. */
const EVENTS_BEFORE_CONTENT_MAX = 1000;

export type ChatCall = GuardedCall & Pick<ModelCall, 'request' | 'source' | 'maxTokens' | 'jsonWay'>;

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
    if (isContent(step.value)) return { buffered, rest, takeRest, call };
  }
  throw failureOf(call, { kind: 'malformed', phase: 'in-stream', message: 'the stream has no content' });
}

function streamOf(
  begun: BegunAnswer & {
    readonly guard: Guard;
    readonly firstContentMs: number;
  },
): TargetStream {
  const { buffered, rest, takeRest, call, guard, firstContentMs } = begun;
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
  const takeArrived = (): ModelEvent | undefined => {
    const event = buffered.shift() ?? (closed ? undefined : takeRest());
    if (event?.type === 'message-stop') stopped = true;
    return event;
  };
  const next = async (): Promise<ModelEvent | undefined> => {
    try {
      const event = takeArrived() ?? (await read());
      if (event?.type === 'message-stop') stopped = true;
      return event;
    } catch (error) {
      close();
      throw asFailure(error, call, 'in-stream');
    }
  };
  return { firstContentMs, next, takeArrived, close };
}
