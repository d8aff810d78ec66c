import type { Work } from '#core/call/work.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { ANSWER_CHARACTERS_MAX, contentLength } from '#core/chat/content-length.ts';
import { continuedChat, takesPrefix } from '#core/chat/continue-chat.ts';
import { withoutFeatures } from '#core/chat/droppable-feature.ts';
import { type ChatAnswer, foldEvents } from '#core/chat/fold-events.ts';
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { isCompiled } from '#core/decide/schema-grammars.ts';
import type { Target } from '#core/target.ts';
import { spanOfCall } from '#core/trace/span-of-call.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { callDeadlines } from './call-deadlines.ts';
import { CallerLeft, type GuardedCall, tooLong } from './call-guard.ts';
import { type ChatCall, callTarget, type TargetStream } from './call-target.ts';
import { remainingMs } from './decide.ts';
import type { AnswerIdentity, AskedWork, WholeAnswer } from './dialects/dialect.ts';
import { countWithTarget, embedWithTarget } from './exchange-with-target.ts';
import { schemaOf } from './grammar-book.ts';
import type { Job, Run } from './job.ts';
import { watchKvGrowth } from './kv-growth.ts';
import type { QuotaReservation } from './quota-pools.ts';
import { sampledTrace } from './request-trace.ts';
import type { Services } from './services.ts';
import type { Lease } from './slot.ts';

/** A target answers: the first of its content is there. */
export interface Answering {
  readonly candidate: Candidate;
  /** From the call to the first content; to the first answer of many calls, or to the only one. */
  readonly firstContentMs: number;
  /** Monotonic time at which its call began. */
  readonly calledMs: number;
  /** What it took from its quota pool, until it is known what it used. @default - its limit is not known */
  readonly quota?: QuotaReservation | undefined;
}

/** A streamed answer that has begun; its lease is still held. */
export interface Streaming extends Answering {
  readonly stream: TargetStream;
  readonly lease: Lease;
}

/** An answer that is whole, and how its caller wants it written. */
export interface PlainAnswer {
  /** Undefined where the target told none, or nothing was used. */
  readonly usage: Usage | undefined;
  /** Of all content. @default 0 */
  readonly characters?: number | undefined;
  write(identity: AnswerIdentity): WholeAnswer;
}

export type TryOutcome = {
  readonly durationMs: number;
  /** Calls that left this process: none without credentials, a connection, or time to get there. */
  readonly callsSent: number;
} & (
  | { readonly kind: 'streaming'; readonly answering: Streaming }
  | { readonly kind: 'answered'; readonly answering: Answering; readonly answer: PlainAnswer }
  /** `slicedWait`: the caller's own short deadline, not the configuration's, ended the wait. */
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure; readonly slicedWait: boolean }
  | { readonly kind: 'left' }
);

interface Admitted {
  /** Held until the work has ended, or by the stream from its first content on. */
  readonly lease: Lease;
  /** Targets that may still be asked, this one included. */
  readonly lawfulLeft: number;
  readonly quota?: QuotaReservation | undefined;
}

/** Lets one target do the work once: up to the first content of a streamed answer, to the end of every other. */
export async function tryTarget(
  run: Run,
  candidate: Candidate,
  { lease, lawfulLeft, quota }: Admitted,
): Promise<TryOutcome> {
  const { services, job } = run;
  const { clock } = services;
  const { deadlines, sliced } = callDeadlines({
    candidate,
    configured: job.call.modelConfig.deadlines,
    remainingMs: remainingMs(services, job),
    callerHasDeadline: job.call.options.deadlineMs !== undefined,
    lawfulLeft,
    waitsForGrammar: waitsForGrammar(run, candidate),
  });
  services.book.grammars.began({ candidate, call: job.call, at: clock.now() });
  const calledMs = clock.monotonicMs();
  let callsSent = 0;
  const end = () => ({ callsSent, durationMs: clock.monotonicMs() - calledMs });
  try {
    const done = await perform(run, {
      candidate,
      lease,
      call: {
        target: candidate.target,
        traceparent: spanOfCall({
          caller: job.call.options.traceparent,
          requestId: job.arrival.requestId,
          targetId: candidate.target.id,
          sampled: sampledTrace(services, job) !== undefined,
        }),
        onSent: () => {
          callsSent += 1;
        },
        deadlines,
        callerSignal: job.arrival.request.signal,
      },
    });
    const { stream, answer } = done;
    if (stream !== undefined) {
      const { firstContentMs } = stream;
      return {
        kind: 'streaming',
        answering: { candidate, firstContentMs, calledMs, stream, lease, quota },
        ...end(),
      };
    }
    lease.release();
    const firstContentMs = done.firstContentMs ?? clock.monotonicMs() - calledMs;
    return { kind: 'answered', answering: { candidate, firstContentMs, calledMs, quota }, answer, ...end() };
  } catch (error) {
    lease.release();
    if (error instanceof UpstreamFailure) {
      const slicedWait = sliced.includes(error.signal.deadline);
      return { kind: 'failed', failure: error, slicedWait, ...end() };
    }
    if (!(error instanceof CallerLeft)) throw error;
    services.book.abandoned(candidate.target, clock.now());
    return { kind: 'left', ...end() };
  }
}

/** The only way to this answer is by a schema that the target was not seen to have compiled. */
function waitsForGrammar({ services, job: { call } }: Run, candidate: Candidate): boolean {
  const { book, clock } = services;
  if (candidate.jsonWayReason !== 'tool-closed' || call.needs.work === 'embedding') return false;
  if (schemaOf({ candidate, call }) === undefined) return false;
  return !isCompiled(candidate.target, { needs: call.needs, conditions: book.view(), at: clock.now() });
}

type Done =
  | { readonly stream: TargetStream; readonly answer?: undefined }
  | {
      readonly stream?: undefined;
      readonly answer: PlainAnswer;
      /** @default - the time of the whole answer */
      readonly firstContentMs?: number | undefined;
    };

interface Attempted {
  readonly candidate: Candidate;
  readonly lease: Lease;
  readonly call: GuardedCall;
}

/** @throws UpstreamFailure; CallerLeft */
function perform(run: Run, { candidate, lease, call }: Attempted): Promise<Done> {
  const { services, job } = run;
  const { work } = job.call;
  switch (work.kind) {
    case 'chat':
      return chatWith(services, work, {
        ...call,
        request: requestFor(job, work, candidate),
        // One stream of two targets is in neither's own words, and a body that something was left out of in none.
        source: job.call.options.resume || candidate.dropped ? undefined : work.source,
        maxTokens: candidate.maxTokens,
        jsonWay: candidate.jsonWay,
        watch: watchKvGrowth(run, candidate.target, lease),
      });
    case 'embedding':
      return embedWith(services, work, call);
    case 'count-tokens': {
      const request = withoutFeatures(work.request, candidate.dropped);
      return countWith(services, work, { ...call, request, jsonWay: candidate.jsonWay });
    }
  }
}

async function embedWith(
  services: Services,
  { request, writer }: AskedWork & { readonly kind: 'embedding' },
  call: GuardedCall,
): Promise<Done> {
  const { answer, firstAnswerMs } = await embedWithTarget(services, { ...call, request });
  const { inputTokens } = answer;
  const usage = inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
  return {
    answer: { usage, write: (identity) => writer.whole(identity, answer) },
    firstContentMs: firstAnswerMs,
  };
}

async function countWith(
  services: Services,
  { writer }: AskedWork & { readonly kind: 'count-tokens' },
  call: GuardedCall & Pick<ChatCall, 'request' | 'jsonWay'>,
): Promise<Done> {
  const inputTokens = await countWithTarget(services, call);
  return { answer: { usage: undefined, write: (identity) => writer.whole(identity, inputTokens) } };
}

/** Of the rest of a broken answer each target is asked as it understands best, and without what it does not take. */
function requestFor(
  { resuming }: Job,
  { request }: Work & { readonly kind: 'chat' },
  { target, dropped }: Candidate,
): ChatRequest {
  const asPrefix = resuming !== undefined && takesPrefix(target, resuming.original);
  const asked = asPrefix ? continuedChat(resuming.original, resuming.shown, false) : request;
  return withoutFeatures(asked, dropped);
}

async function chatWith(
  services: Services,
  { stream: streamed, writer }: AskedWork & { readonly kind: 'chat' },
  call: ChatCall,
): Promise<Done> {
  const stream = await callTarget(services, call);
  if (streamed) return { stream };
  try {
    const { firstContentMs } = stream;
    const { answer, characters } = await readWhole(stream, call.target);
    return {
      answer: { usage: answer.usage, characters, write: (identity) => writer.whole(identity, answer) },
      firstContentMs,
    };
  } catch (error) {
    stream.close();
    throw error;
  }
}

async function readWhole(
  stream: TargetStream,
  target: Target,
): Promise<{ answer: ChatAnswer; characters: number }> {
  const events: ModelEvent[] = [];
  let characters = 0;
  for (let event = await stream.next(); event !== undefined; event = await stream.next()) {
    for (let each: ModelEvent | undefined = event; each !== undefined; each = stream.takeArrived()) {
      events.push(each);
      characters += contentLength(each);
      if (characters > ANSWER_CHARACTERS_MAX) throw tooLong(target);
    }
  }
  return { answer: foldEvents(events), characters };
}
