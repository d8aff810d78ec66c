import { type ChatAnswer, emptyAnswer } from '#core/chat/fold-events.ts';
import { isContent } from '#core/chat/model-event.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { type CompletionIdentity, chatCompletion } from '#core/wire/openai/chat-completion.ts';
import {
  endOpenAiStream,
  type OpenAiStreamState,
  startOpenAiStream,
  stepOpenAiStream,
} from '#core/wire/openai/chat-stream.ts';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { answerJson, labelHeaders } from './answer.ts';
import type { AttemptLog } from './attempt.ts';
import { CallerLeft } from './call-target.ts';
import type { ChatJob, Run } from './chat-job.ts';
import { noteFailure } from './note-failure.ts';
import type { Services } from './services.ts';
import { settle } from './settle.ts';
import type { AnswerLabels } from './stage.ts';
import type { Answering } from './try-target.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** A comment keeps idle timers between us and the caller from cutting a long thought. */
const HEARTBEAT_MS = 10_000;

/** Stage 7, plain: the whole answer at once. */
export function deliverPlain(job: ChatJob, answer: ChatAnswer, labels: AnswerLabels): Response {
  return answerJson(chatCompletion(identityOf(job), answer), labels);
}

export interface StreamDelivery {
  readonly answering: Answering;
  readonly log: AttemptLog;
  readonly labels: AnswerLabels;
}

/**
 * Stage 7, streamed: the events of the target as OpenAI's chunks. The caller's reading drives the target's stream, so
 * that a slow caller holds back the target and not our memory. There is no other target from here on: a break ends in
 * an error event, without a finish reason and without `[DONE]`.
 */
export function deliverStream(run: Run, delivery: StreamDelivery): Response {
  const headers = labelHeaders(delivery.labels);
  headers.set('content-type', 'text/event-stream; charset=utf-8');
  headers.set('cache-control', 'no-cache, no-transform');
  headers.set('x-accel-buffering', 'no');
  const writer = createChunkWriter(run, delivery);
  const body = new ReadableStream<Uint8Array>(
    { pull: writer.pull, cancel: writer.cancel },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: 200, headers });
}

interface ChunkWriter {
  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void>;
  cancel(): void;
}

function createChunkWriter(run: Run, delivery: StreamDelivery): ChunkWriter {
  const { services, job } = run;
  const { answering } = delivery;
  const encoder = new TextEncoder();
  let state = startOpenAiStream(identityOf(job), job.chat.includeUsage);
  let deltas = 0;
  let cancelled = false;
  let beat: () => unknown = () => undefined;
  const heart = createWatchdog({ clock: services.clock, milliseconds: HEARTBEAT_MS, onLate: () => beat() });
  const finish = createFinish(run, { ...delivery, heart }, () => state);
  job.arrival.request.signal.addEventListener('abort', () => finish('cancelled'), { once: true });

  const step = async (): Promise<{ readonly text: string; readonly last: boolean }> => {
    const event = await heart.watch(answering.stream.next());
    if (event === undefined) {
      finish('answered');
      return { text: `${endOpenAiStream(state).map(eventText).join('')}data: [DONE]\n\n`, last: true };
    }
    if (isContent(event)) deltas += 1;
    const next = stepOpenAiStream(state, event);
    state = next.state;
    return { text: next.chunks.map(eventText).join(''), last: false };
  };

  return {
    pull: async (controller) => {
      // A caller that has not read the last one needs no other.
      beat = () => controller.desiredSize === 0 && controller.enqueue(encoder.encode(': heartbeat\n\n'));
      try {
        for (;;) {
          const { text, last } = await step();
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (last) return controller.close();
          if (text !== '') return;
        }
      } catch (error) {
        const failure = finish(error instanceof CallerLeft ? 'cancelled' : 'stream_interrupted', error);
        if (cancelled) return;
        if (failure !== undefined)
          controller.enqueue(
            encoder.encode(eventText(interruptedStream({ outcome: failure, usage: state.usage, deltas }))),
          );
        controller.close();
      }
    },
    cancel: () => {
      cancelled = true;
      finish('cancelled');
    },
  };
}

/** Ends the request exactly once; answers the outcome of a failure that the caller is to be told of. */
function createFinish(
  run: Run,
  delivery: StreamDelivery & { readonly heart: Watchdog },
  state: () => OpenAiStreamState,
) {
  const { services, job } = run;
  const { answering, log } = delivery;
  let open = true;
  return (outcome: 'answered' | 'cancelled' | 'stream_interrupted', error?: unknown): string | undefined => {
    if (!open) return undefined;
    open = false;
    delivery.heart.stop();
    answering.stream.close();
    answering.lease.release();
    const failure = outcome === 'stream_interrupted' ? failureOutcome(services, answering, error) : undefined;
    settle(services, job, {
      outcome,
      answering,
      log: withLastOutcome(log, failure),
      answer: { ...emptyAnswer, usage: state().usage },
    });
    return failure;
  };
}

function failureOutcome(services: Services, { candidate }: Answering, error: unknown): string {
  if (!(error instanceof UpstreamFailure)) {
    services.log.write('error', 'stream-defect', { error: error instanceof Error ? error.name : 'unknown' });
    return 'unclassified';
  }
  const verdict = classifyFailure(error.signal);
  noteFailure(services, { candidate, failure: error, verdict });
  return verdict.outcome;
}

function withLastOutcome(log: AttemptLog, outcome: string | undefined): AttemptLog {
  const last = log.attempts.at(-1);
  if (outcome === undefined || last === undefined) return log;
  return { ...log, attempts: [...log.attempts.slice(0, -1), { ...last, outcome }] };
}

function eventText(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function identityOf({ arrival, chat }: ChatJob): CompletionIdentity {
  return {
    id: `chatcmpl-${arrival.requestId}`,
    model: chat.request.model,
    createdSeconds: Math.floor(arrival.at / 1000),
  };
}
