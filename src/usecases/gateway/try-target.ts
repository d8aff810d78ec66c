import { type ChatAnswer, emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { spanOfCall } from '#core/trace/span-of-call.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { admit, type Lease } from './admit.ts';
import { callDeadlines } from './call-deadlines.ts';
import { CallerLeft, callTarget, type TargetStream } from './call-target.ts';
import type { Run } from './chat-job.ts';
import { remainingMs } from './decide.ts';

/** A target answers: its stream is open and its first content known; a streamed answer's lease is still held. */
export interface Answering {
  readonly candidate: Candidate;
  readonly stream: TargetStream;
  readonly lease: Lease;
  /** Monotonic time at which its call began. */
  readonly calledMs: number;
}

export type TryOutcome = {
  readonly durationMs: number;
  /** Whether the call left this process: not without credentials, a connection, or time to get there. */
  readonly sent: boolean;
} & (
  | { readonly kind: 'streaming'; readonly answering: Answering }
  | { readonly kind: 'answered'; readonly answering: Answering; readonly answer: ChatAnswer }
  /** `slicedWait`: the caller's own short deadline, not the configuration's, ended the wait. */
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure; readonly slicedWait: boolean }
  | { readonly kind: 'left' }
);

/** Calls one target once: up to the first content of a streamed answer, to the end of a plain one. */
export async function tryTarget(run: Run, candidate: Candidate, lawfulLeft: number): Promise<TryOutcome> {
  const { services, job } = run;
  const { clock } = services;
  const { deadlines, sliced } = callDeadlines({
    candidate,
    configured: job.chat.modelConfig.deadlines,
    remainingMs: remainingMs(services, job),
    callerHasDeadline: job.chat.options.deadlineMs !== undefined,
    lawfulLeft,
  });
  const lease = admit(services, candidate);
  const calledMs = clock.monotonicMs();
  const durationMs = (): number => clock.monotonicMs() - calledMs;
  let stream: TargetStream | undefined;
  let sent = false;
  const end = () => ({ sent, durationMs: durationMs() });
  try {
    stream = await callTarget(services, {
      target: candidate.target,
      request: job.chat.request,
      maxTokens: candidate.maxTokens,
      traceparent: spanOfCall({
        caller: job.chat.options.traceparent,
        requestId: job.arrival.requestId,
        targetId: candidate.target.id,
      }),
      onSent: () => {
        sent = true;
      },
      deadlines,
      callerSignal: job.arrival.request.signal,
    });
    const answering = { candidate, stream, lease, calledMs };
    if (job.chat.stream) return { kind: 'streaming', answering, ...end() };
    const answer = await readWhole(stream);
    lease.release();
    return { kind: 'answered', answering, answer, ...end() };
  } catch (error) {
    lease.release();
    stream?.close();
    if (error instanceof UpstreamFailure) {
      const slicedWait = sliced.includes(error.signal.deadline);
      return { kind: 'failed', failure: error, slicedWait, ...end() };
    }
    if (!(error instanceof CallerLeft)) throw error;
    services.book.abandoned(candidate.target, clock.now());
    return { kind: 'left', ...end() };
  }
}

async function readWhole(stream: TargetStream): Promise<ChatAnswer> {
  let answer = emptyAnswer;
  for (let event = await stream.next(); event !== undefined; event = await stream.next()) {
    answer = foldEvent(answer, event);
  }
  return answer;
}
