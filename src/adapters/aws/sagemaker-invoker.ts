/** Calls dedicated targets: SageMaker endpoints (or inference components) whose container speaks OpenAI's formats or TGI's own. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { Target } from '#core/target.ts';
import { InvariantError, invariant } from '#core/units/invariant.ts';
import type { ModelCall, ModelInvoker } from '#usecases/ports/model-invoker.ts';
import { containerBody, sentBody } from './container-body.ts';
import { containerEmbeddingAnswer, containerEmbeddingBody } from './container-embedding.ts';
import { ContainerReader, containerChunk, readContainerAnswer, type Wanted } from './container-stream.ts';
import { packetStream } from './packet-stream.ts';
import { type DataReader, serverSentLines } from './server-sent-lines.ts';
import { tgiBody } from './tgi-body.ts';
import { TgiReader, tgiAnswer } from './tgi-stream.ts';
import { pathSegment } from './upstream-address.ts';
import type { UpstreamClient } from './upstream-client.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { asUpstreamFailure, incomplete, readWholeText } from './upstream-stream.ts';

const service = 'sagemaker-runtime';

/** SageMaker's own bound on a plain answer is 25 MB. */
const PLAIN_ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export function createSageMakerInvoker(client: UpstreamClient): ModelInvoker {
  return {
    async converse(call) {
      const streams = call.target.capabilities.streaming !== false;
      const format = formatOf(call, streams);
      const answer = await client.send({
        target: call.target,
        path: invocationPath(call.target, streams ? 'invocations-response-stream' : 'invocations'),
        headers: invocationHeaders(call.target),
        body: format.body,
        connectMsMax: call.connectMsMax,
        traceparent: call.traceparent,
        onSent: call.onSent,
        signal: call.signal,
      });
      return streams
        ? packetStream(answer, service, serverSentLines(format.reader))
        : plainEvents(answer, format);
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
        return containerEmbeddingAnswer(
          containerChunk(await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX)),
        );
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

/** How one container is asked, and how its answer is read. */
interface Format {
  readonly body: string;
  readonly reader: DataReader;
  /** @throws MalformedAnswer; UpstreamFailure */
  whole(text: string): readonly ModelEvent[];
}

function formatOf(call: ModelCall, stream: boolean): Format {
  const { target, request, maxTokens } = call;
  if (target.container !== undefined) {
    const stops = request.inference.stopSequences ?? [];
    const { chatTemplate } = target.container;
    return {
      body: tgiBody(request, { chatTemplate, maxTokens, stream }),
      reader: new TgiReader(stops),
      whole: (text) => tgiAnswer(text, stops),
    };
  }
  const source = call.source?.format === 'openai-chat' ? call.source : undefined;
  const wanted = { source, model: request.model };
  const options = { servedModel: target.modelId, maxTokens, stream };
  return {
    body: source?.members === undefined ? containerBody(request, options) : sentBody(source.members, options),
    reader: new ContainerReader(wanted),
    whole: (text) => wholeAnswer(text, wanted),
  };
}

function wholeAnswer(text: string, wanted: Wanted): readonly ModelEvent[] {
  const arrived: ModelEvent[] = [];
  const missing = readContainerAnswer(text, wanted, arrived);
  if (missing !== undefined) throw incomplete(service, `the answer has no ${missing.replace(/^a /, '')}`);
  return arrived;
}

async function* plainEvents(answer: UpstreamAnswer, { whole }: Format): AsyncGenerator<ModelEvent> {
  try {
    yield* whole(await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX));
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
}
