/** Calls dedicated targets: SageMaker endpoints (or inference components) whose container speaks OpenAI's formats. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { Target } from '#core/target.ts';
import { InvariantError, invariant } from '#core/units/invariant.ts';
import { type ModelCall, type ModelInvoker, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { type JsonObject, parseJsonObject } from './answer-reader.ts';
import { containerBody } from './container-body.ts';
import { containerEmbeddingAnswer, containerEmbeddingBody } from './container-embedding.ts';
import { ContainerEvents } from './container-events.ts';
import { LineSplitter } from './line-splitter.ts';
import { pathSegment } from './upstream-address.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { statusOf } from './upstream-error-answer.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { asUpstreamFailure, eventFrames, incomplete, readWholeText } from './upstream-stream.ts';

const service = 'sagemaker-runtime';

/** SageMaker's own bound on a plain answer is 25 MB. */
const PLAIN_ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export function createSageMakerInvoker(client: UpstreamClient): ModelInvoker {
  return {
    async converse(call) {
      const streams = call.target.capabilities.streaming !== false;
      const answer = await client.send({
        target: call.target,
        path: invocationPath(call.target, streams ? 'invocations-response-stream' : 'invocations'),
        headers: invocationHeaders(call.target),
        body: containerBody(call.request, bodyOptions(call, streams)),
        connectMsMax: call.connectMsMax,
        traceparent: call.traceparent,
        onSent: call.onSent,
        signal: call.signal,
      });
      return streams ? streamedEvents(answer) : plainEvents(answer);
    },
    async embed({ target, request, connectMsMax, traceparent, onSent, signal }) {
      const answer = await client.send({
        target,
        path: invocationPath(target, 'invocations'),
        headers: invocationHeaders(target),
        body: containerEmbeddingBody(target.modelId, request),
        connectMsMax,
        traceparent,
        onSent,
        signal,
      });
      try {
        return containerEmbeddingAnswer(chunkOf(await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX)));
      } catch (error) {
        throw asUpstreamFailure(error, service);
      }
    },
    countTokens: ({ target }) => {
      // The decide stage lets no count come here.
      throw new InvariantError(`the dedicated target ${target.id} cannot count tokens`);
    },
  };
}

function bodyOptions(call: ModelCall, stream: boolean) {
  return { servedModel: call.target.modelId, maxTokens: call.maxTokens, stream };
}

/** Where a dedicated target takes a body, whole or streamed. */
function invocationPath(target: Target, operation: 'invocations' | 'invocations-response-stream'): string {
  invariant(target.endpoint !== undefined, `the dedicated target ${target.id} must name its endpoint`);
  return `/endpoints/${pathSegment(target.endpoint)}/${operation}`;
}

/** What a dedicated target wants to know beside the body: its component, where it has one. */
function invocationHeaders(target: Target): Record<string, string> {
  const headers = { 'content-type': 'application/json' };
  return target.component === undefined
    ? headers
    : { ...headers, 'x-amzn-sagemaker-inference-component': target.component };
}

async function* streamedEvents(answer: UpstreamAnswer): AsyncGenerator<ModelEvent> {
  const events = new ContainerEvents();
  const lines = new LineSplitter();
  let done = false;
  try {
    for await (const frame of eventFrames(answer, service)) {
      if (frame.headers[':event-type'] !== 'PayloadPart') continue;
      for (const line of lines.push(frame.payload)) {
        const data = dataOf(line);
        done ||= data === '[DONE]';
        if (data !== undefined && !done) yield* events.push(chunkOf(data));
      }
    }
    const last = dataOf(lines.rest());
    done ||= last === '[DONE]';
    if (last !== undefined && !done) yield* events.push(chunkOf(last));
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
  if (!events.stopped) throw incomplete(service, 'the stream ended without a finish_reason');
  if (!done) throw incomplete(service, 'the stream ended without [DONE]');
}

async function* plainEvents(answer: UpstreamAnswer): AsyncGenerator<ModelEvent> {
  const events = new ContainerEvents();
  try {
    yield* events.push(chunkOf(await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX)));
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
  if (!events.stopped) throw incomplete(service, 'the answer has no finish_reason');
}

/** The payload of an SSE `data:` line, or a bare JSON line; undefined for comments, other fields and blank lines. */
function dataOf(line: string): string | undefined {
  if (line.startsWith('data:')) return line.slice(5).trim();
  return line.startsWith('{') ? line : undefined;
}

/** One chunk. A container reports a failure after its 200 as an `error` object in place of a chunk. */
function chunkOf(data: string): JsonObject {
  const chunk = parseJsonObject(data, 'a chunk');
  const { error } = chunk;
  if (typeof error !== 'object' || error === null) return chunk;
  const { message, code } = error as { message?: unknown; code?: unknown };
  throw new UpstreamFailure({
    service,
    kind: 'answer',
    phase: 'in-stream',
    errorName: 'ModelError',
    message: String(message ?? 'the container reported an error'),
    originalStatusCode: statusOf(code),
  });
}
