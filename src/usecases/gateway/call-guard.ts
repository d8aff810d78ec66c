import { ANSWER_CHARACTERS_MAX } from '#core/chat/content-length.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Clock } from '../ports/clock.ts';
import { type TargetCall, UpstreamFailure } from '../ports/model-invoker.ts';
import { createWatchdog, type Reading, type Watchdog } from './watchdog.ts';

export interface CallDeadlines {
  readonly connectMs: number;
  readonly firstContentMs: number;
  readonly betweenTokensMs: number;
  /** What is left of the whole request's time. */
  readonly totalMs: number;
}

/** A call of one target under deadlines. */
export interface GuardedCall extends Omit<TargetCall, 'signal' | 'connectMsMax'> {
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

type Deadline = NonNullable<UpstreamSignal['deadline']>;

export interface Guard {
  /** Aborts when a deadline passes, the caller leaves, or the call is over. */
  readonly signal: AbortSignal;
  within<Value>(deadline: 'first-content' | 'between-tokens', work: Promise<Value>): Promise<Value>;
  /** Between tokens; settles as the reading does. */
  betweenTokens<Value, Read>(work: Promise<Value>, reading: Reading<Value, Read>): Promise<Read>;
  /** For work that ends with the signal: it is waited for without a promise of the guard's, until `rest`. */
  wait(): void;
  rest(): void;
  /** Stops the clocks; the upstream has ended by itself. */
  disarm(): void;
  /** Stops the clocks and closes the upstream. */
  end(): void;
}

/** One place for everything that can end a call from our side; the first reason stands. */
export function createGuard(clock: Clock, call: GuardedCall): Guard {
  const { deadlines } = call;
  const upstream = new AbortController();
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
    dogs['first-content'].fail(upstream.signal.reason);
    dogs['between-tokens'].fail(upstream.signal.reason);
  };
  const onCallerLeft = (): void => abort(new CallerLeft());
  const cancelTotal = clock.after(deadlines.totalMs, () => late('total'));
  const disarm = (): void => {
    cancelTotal();
    call.callerSignal.removeEventListener('abort', onCallerLeft);
    dogs['first-content'].stop();
    dogs['between-tokens'].stop();
  };
  call.callerSignal.addEventListener('abort', onCallerLeft, { once: true });
  return {
    signal: upstream.signal,
    // Whatever the work itself says of its end comes after `abort` has failed the wait.
    within: (deadline, work) => dogs[deadline].watch(work),
    wait: () => dogs['between-tokens'].wait(),
    rest: () => dogs['between-tokens'].rest(),
    betweenTokens: (work, reading) => dogs['between-tokens'].watch(work, reading),
    disarm,
    end: () => {
      disarm();
      abort(new CallerLeft());
    },
  };
}

export function failureOf(
  { target }: Pick<GuardedCall, 'target'>,
  signal: Omit<UpstreamSignal, 'service'>,
): UpstreamFailure {
  const service = target.kind === 'bedrock' ? 'bedrock-runtime' : 'sagemaker-runtime';
  return new UpstreamFailure({ service, ...signal });
}

/** A target that sends without end fills no memory of ours. */
export function tooLong(target: GuardedCall['target']): UpstreamFailure {
  const message = `the answer is longer than ${ANSWER_CHARACTERS_MAX} characters`;
  return failureOf({ target }, { kind: 'malformed', phase: 'in-stream', message });
}

/** What an adapter throws besides UpstreamFailure is its own defect: the target is left, the cause is kept. */
export function asFailure(error: unknown, call: GuardedCall, phase: 'before' | 'in-stream'): Error {
  if (error instanceof UpstreamFailure || error instanceof CallerLeft) return error;
  const { signal } = failureOf(call, { kind: 'malformed', phase, message: 'the answer could not be read' });
  return new UpstreamFailure(signal, error);
}
