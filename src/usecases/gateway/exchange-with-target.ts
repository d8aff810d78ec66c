/** Work whose answer comes whole: vectors and counts. What bounds a chat's first content bounds each of its calls. */
import { textsPerCall } from '#core/embedding/can-embed.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import { DIMENSIONS_DIFFER } from '#core/failures/failure-table.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.ts';
import { asFailure, CallerLeft, createGuard, failureOf, type Guard, type GuardedCall } from './call-guard.ts';

/** Calls of one request that are under way at a target at the same time. */
const CALLS_AT_ONCE = 8;

export interface Ports {
  readonly invoker: ModelInvoker;
  readonly clock: Clock;
}

interface Embedded {
  readonly answer: EmbeddingAnswer;
  /** Until the first call was answered: the target's pace, whatever the number of texts. */
  readonly firstAnswerMs: number;
}

/**
 * Vectors of all texts from one target, in as many calls as it takes; all of them, or the failure of the first call
 * that failed. The deadline for first content runs from one answer to the next.
 *
 * @throws UpstreamFailure; CallerLeft
 */
export function embedWithTarget(
  { invoker, clock }: Ports,
  call: GuardedCall & { readonly request: EmbeddingRequest },
): Promise<Embedded> {
  return guarded(clock, call, async (guard, base) => {
    const startedMs = clock.monotonicMs();
    let firstAnswerMs: number | undefined;
    const batches = batchesOf(call.request, textsPerCall(call.target));
    const answers: EmbeddingAnswer[] = [];
    const underWay = new Map<number, Promise<{ readonly index: number; readonly answer: EmbeddingAnswer }>>();
    let next = 0;
    while (next < batches.length || underWay.size > 0) {
      for (
        let batch = batches[next];
        batch !== undefined && underWay.size < CALLS_AT_ONCE;
        batch = batches[next]
      ) {
        const index = next;
        underWay.set(
          index,
          invoker.embed({ ...base, request: batch }).then((answer) => ({ index, answer })),
        );
        next += 1;
      }
      const { index, answer } = await guard.within('first-content', Promise.race(underWay.values()));
      firstAnswerMs ??= clock.monotonicMs() - startedMs;
      underWay.delete(index);
      answers[index] = checked(call, batches[index], answer);
    }
    return { answer: joined(answers), firstAnswerMs: firstAnswerMs ?? 0 };
  });
}

/** How many tokens the target would count in the chat. @throws UpstreamFailure; CallerLeft */
export function countWithTarget(
  { invoker, clock }: Ports,
  call: GuardedCall & Pick<ModelCall, 'request' | 'jsonWay'>,
): Promise<number> {
  const { request, jsonWay } = call;
  return guarded(clock, call, (guard, base) =>
    guard.within('first-content', invoker.countTokens({ ...base, request, jsonWay })),
  );
}

type CallBase = Pick<GuardedCall, 'target' | 'traceparent' | 'onSent'> & {
  readonly connectMsMax: number;
  readonly signal: AbortSignal;
};

async function guarded<Value>(
  clock: Clock,
  call: GuardedCall,
  work: (guard: Guard, base: CallBase) => Promise<Value>,
): Promise<Value> {
  if (call.callerSignal.aborted) throw new CallerLeft();
  const guard = createGuard(clock, call);
  const { target, traceparent, onSent, deadlines } = call;
  const base = { target, traceparent, onSent, connectMsMax: deadlines.connectMs, signal: guard.signal };
  try {
    const value = await work(guard, base);
    guard.disarm();
    return value;
  } catch (error) {
    // The other calls of the same work end with the one that failed.
    guard.end();
    throw asFailure(error, call, 'before');
  }
}

function batchesOf(request: EmbeddingRequest, size: number): readonly EmbeddingRequest[] {
  const count = Math.ceil(request.texts.length / size);
  return Array.from({ length: count }, (_, index) => ({
    ...request,
    texts: request.texts.slice(index * size, (index + 1) * size),
  }));
}

/** Vectors of another length than asked for, or fewer of them than texts, would poison an index. */
function checked(
  call: GuardedCall,
  request: EmbeddingRequest | undefined,
  answer: EmbeddingAnswer,
): EmbeddingAnswer {
  const { embeddings } = answer;
  const length = embeddings[0]?.length ?? 0;
  if (
    length === 0 ||
    embeddings.length !== request?.texts.length ||
    embeddings.some((each) => each.length !== length)
  ) {
    const message = 'the vectors are not as many as the texts, or not of one length';
    throw failureOf(call, { kind: 'malformed', phase: 'before', message });
  }
  if (request.dimensions === undefined || request.dimensions === length) return answer;
  // Of a container nobody can know beforehand.
  const message = `the vectors have ${length} dimensions, not ${request.dimensions}`;
  throw failureOf(call, { kind: 'answer', phase: 'before', errorName: DIMENSIONS_DIFFER, message });
}

function joined(answers: readonly EmbeddingAnswer[]): EmbeddingAnswer {
  const counts = answers.map(({ inputTokens }) => inputTokens);
  return {
    embeddings: answers.flatMap(({ embeddings }) => embeddings),
    inputTokens: counts.some((count) => count === undefined)
      ? undefined
      : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}
