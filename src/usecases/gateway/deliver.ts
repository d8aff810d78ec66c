import { ANSWER_CHARACTERS_MAX, contentLength } from '#core/chat/content-length.ts';
import { isContent, type ModelEvent, type Usage } from '#core/chat/model-event.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { invariant } from '#core/units/invariant.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { answerJson, labelHeaders, withHeaders } from './answer.ts';
import { CallerLeft, tooLong } from './call-guard.ts';
import type { AnswerIdentity, ChatWriter, StreamWriter } from './dialects/dialect.ts';
import type { ByteSink, ByteSource, GatewayAnswer } from './gateway-answer.ts';
import type { Job, Run } from './job.ts';
import { joinBytes } from './join-bytes.ts';
import { noteFailure } from './note-failure.ts';
import { type AttemptLog, withLastOutcome } from './progress.ts';
import { type DeliveredStream, isResumable, plainStream, resumableStream } from './resume-stream.ts';
import { type Ending, settle } from './settle.ts';
import type { AnswerLabels } from './stage.ts';
import type { PlainAnswer, Streaming } from './try-target.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';

/** A comment keeps idle timers between us and the caller from cutting a long thought. */
const HEARTBEAT_MS = 10_000;
/** Deltas joined into one write, at most: a target may send them faster than a caller reads. */
const PARTS_AT_ONCE = 64;

/** Stage 7, plain: the whole answer at once. */
export function deliverPlain(run: Run, answer: PlainAnswer, labels: AnswerLabels): GatewayAnswer {
  const { body, headers } = answer.write(identityOf(run));
  const whole = answerJson(body, labels);
  withHeaders(whole.headers, headers);
  return whole;
}

export interface StreamDelivery {
  readonly answering: Streaming;
  readonly log: AttemptLog;
  readonly labels: AnswerLabels;
}

/**
 * Stage 7, streamed: the events of the target in the caller's wire format. The caller's reading drives the target's
 * stream, so that a slow caller holds back the target and not our memory. Unless the caller wants a broken stream
 * resumed, there is no other target from here on: a break ends in an error event, without a stop reason and without an
 * end marker.
 */
export function deliverStream(run: Run, delivery: StreamDelivery): GatewayAnswer {
  const { job } = run;
  const writer = streamWriterOf(job).stream(identityOf(run));
  const headers = withHeaders(labelHeaders(delivery.labels), writer.headers);
  headers.set('content-type', writer.contentType);
  headers.set('cache-control', 'no-cache, no-transform');
  headers.set('x-accel-buffering', 'no');
  return { status: 200, headers, body: createSource(run, { ...delivery, writer }) };
}

function createSource(run: Run, delivery: StreamDelivery & { readonly writer: StreamWriter }): ByteSource {
  const { services, job } = run;
  const { writer } = delivery;
  const stream = isResumable(job) ? resumableStream(run, delivery) : plainStream(delivery);
  const tally: Tally = { usage: undefined, deltas: 0, characters: 0 };
  let cancelled = false;
  let reader: ByteSink | undefined;
  // A caller that has not read the last one needs no other.
  const beat = () => {
    if (writer.heartbeat !== undefined && reader?.desiredSize === 0) reader.enqueue(writer.heartbeat);
  };
  const heart = createWatchdog({ clock: services.clock, milliseconds: HEARTBEAT_MS, onLate: beat });
  const finish = createFinish(run, { stream, heart, first: delivery.answering }, () => ({ ...tally }));
  job.arrival.request.signal.addEventListener('abort', () => finish('cancelled'), { once: true });

  const note = (event: ModelEvent): void => {
    count(tally, event);
    if (writer.holdsAnswer === true && tally.characters > ANSWER_CHARACTERS_MAX)
      throw tooLong(stream.answering().candidate.target);
  };
  // What came in one packet goes out in one: a write for each delta costs more than the delta.
  const bytesFrom = (event: ModelEvent): Uint8Array => {
    const mark = stream.takeMark();
    const begun = mark === undefined ? undefined : writer.resumed(mark);
    note(event);
    const first = writer.step(event);
    let next = stream.takeArrived();
    // Most packets hold one event.
    if (next === undefined && begun === undefined) return first;
    const parts = begun === undefined ? [first] : [begun, first];
    for (; next !== undefined; next = parts.length < PARTS_AT_ONCE ? stream.takeArrived() : undefined) {
      note(next);
      const bytes = writer.step(next);
      if (bytes.length > 0) parts.push(bytes);
    }
    return joinBytes(parts);
  };

  return {
    pull: async (sink) => {
      reader = sink;
      try {
        for (;;) {
          heart.wait();
          const event = await stream.next();
          heart.rest();
          if (event === undefined) finish('answered');
          const bytes = event === undefined ? writer.end() : bytesFrom(event);
          if (bytes.length > 0) sink.enqueue(bytes);
          if (event === undefined) return sink.close();
          if (bytes.length > 0 && sink.takesMore?.() !== true) return;
        }
      } catch (error) {
        const outcome = finish(error instanceof CallerLeft ? 'cancelled' : 'stream_interrupted', error);
        if (cancelled) return;
        if (outcome !== undefined)
          sink.enqueue(writer.interrupted({ outcome, usage: tally.usage, deltas: tally.deltas }));
        sink.close();
      }
    },
    cancel: () => {
      cancelled = true;
      finish('cancelled');
    },
  };
}

/** What was delivered so far. */
interface Tally {
  usage: Usage | undefined;
  deltas: number;
  characters: number;
}

function count(tally: Tally, event: ModelEvent): void {
  if (isContent(event)) tally.deltas += 1;
  tally.characters += contentLength(event);
  if (event.type === 'usage') tally.usage = event.usage;
}

/** Ends the request exactly once; answers the outcome of a failure that the caller is to be told of. */
function createFinish(
  run: Run,
  delivery: { readonly stream: DeliveredStream; readonly heart: Watchdog; readonly first: Streaming },
  answer: () => Ending['answer'],
) {
  const { services, job } = run;
  const { stream, heart, first } = delivery;
  let open = true;
  return (outcome: 'answered' | 'cancelled' | 'stream_interrupted', error?: unknown): string | undefined => {
    if (!open) return undefined;
    open = false;
    heart.stop();
    stream.close();
    const answering = stream.answering();
    const failure = outcome === 'stream_interrupted' ? failureOutcome(run, stream, error) : undefined;
    const earlier = stream.earlier();
    settle(services, job, {
      outcome: outcome === 'answered' && earlier !== undefined ? 'resumed' : outcome,
      answering,
      first,
      earlier,
      log: stream.isNoted(error) ? stream.log() : withLastOutcome(stream.log(), failure),
      answer: answer(),
    });
    return failure;
  };
}

function failureOutcome({ services, job }: Run, stream: DeliveredStream, error: unknown): string {
  if (!(error instanceof UpstreamFailure)) {
    services.log.write('error', 'stream-defect', { error: error instanceof Error ? error.name : 'unknown' });
    return 'unclassified';
  }
  const verdict = classifyFailure(error.signal);
  const { candidate } = stream.answering();
  const { call, sourced } = job;
  if (!stream.isNoted(error))
    noteFailure(services, { candidate, failure: error, verdict, call, peers: sourced.targets });
  return verdict.outcome;
}

/** Only chats are streamed. */
function streamWriterOf({ call: { work } }: Job): ChatWriter {
  invariant(work.kind === 'chat', `${work.kind} is answered whole`);
  return work.writer;
}

function identityOf({ services: { clock }, job: { arrival, call } }: Run): AnswerIdentity {
  const { requestId, at, startedMs } = arrival;
  return {
    requestId,
    model: call.work.request.model,
    createdSeconds: Math.floor(at / 1000),
    elapsedMs: () => Math.round(clock.monotonicMs() - startedMs),
  };
}
