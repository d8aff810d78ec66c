/**
 * Calls Bedrock targets: ConverseStream, or Converse where a model is known not to stream; InvokeModel for vectors;
 * CountTokens.
 */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { type JsonToolCall, jsonToolState, unwrapJsonTool, withJsonTool } from '#core/chat/json-tool.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { withNativeSchema } from '#core/chat/native-json.ts';
import type { Target } from '#core/target.ts';
import {
  type ModelCall,
  type ModelInvoker,
  type TargetCall,
  UpstreamFailure,
} from '#usecases/ports/model-invoker.ts';
import { countIn, type JsonObject, parseExactJsonObject, parseJsonObject } from './answer-reader.ts';
import { bedrockEmbeddingAnswer, bedrockEmbeddingBody, countInHeader } from './bedrock-embedding.ts';
import { converseBody, countTokensBody, sentConverseBody } from './converse-body.ts';
import { eventsOfConverseAnswer, refuseMalformedStop } from './converse-events.ts';
import { converseStream } from './converse-stream.ts';
import { fitToModel, needsFitting } from './fit-to-model.ts';
import { pathSegment } from './upstream-address.ts';
import type { UpstreamClient } from './upstream-client.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import { asUpstreamFailure, eventStreamType, readWholeText } from './upstream-stream.ts';

const service = 'bedrock-runtime';

/** A plain answer is text and tool calls, or the vectors of one call: far below this. */
const PLAIN_ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export function createBedrockInvoker(client: UpstreamClient): ModelInvoker {
  return {
    async converse(call) {
      const streams = call.target.capabilities.streaming !== false;
      const { request, jsonTool } = asModelTakesIt(call);
      const source = call.source?.format === 'bedrock-converse' ? call.source : undefined;
      const sent = isAsItCame(call, request) ? source?.members : undefined;
      const answer = await client.send({
        target: call.target,
        path: modelPath(call.target, streams ? 'converse-stream' : 'converse'),
        headers: { 'content-type': 'application/json' },
        body:
          sent === undefined ? converseBody(request, call.maxTokens) : sentConverseBody(sent, call.maxTokens),
        connectMsMax: call.connectMsMax,
        traceparent: call.traceparent,
        onSent: call.onSent,
        signal: call.signal,
      });
      checkContentType(answer, streams ? eventStreamType : 'application/json');
      const events = streams
        ? converseStream(answer, {
            verbatim: jsonTool === undefined && source?.streamed === true,
            tellsMalformedStop: request.tellsMalformedStop,
          })
        : plainEvents(answer, request.tellsMalformedStop);
      return jsonTool === undefined ? events : unwrapped(events, jsonTool);
    },
    async embed(call) {
      const { modelId } = call.target;
      const body = bedrockEmbeddingBody(modelId, call.request);
      const { answer, value } = await exchangeJson(client, call, { operation: 'invoke', body });
      return readable(() =>
        bedrockEmbeddingAnswer(
          modelId,
          value,
          countInHeader(answer.headers['x-amzn-bedrock-input-token-count']),
        ),
      );
    },
    async countTokens(call) {
      const body = countTokensBody(asCounted(call));
      const { value } = await exchangeJson(client, call, { operation: 'count-tokens', body });
      return readable(() => countIn(value.inputTokens, 'inputTokens'));
    },
  };
}

/** Converse has no JSON mode that every model knows; a forced tool is one. */
function asModelTakesIt({
  request,
  target,
  jsonWay,
}: Pick<ModelCall, 'request' | 'target' | 'jsonWay'>): JsonToolCall {
  const fitted = fitToModel(request, target.modelId);
  if (jsonWay === 'native') return { request: withNativeSchema(fitted), jsonTool: undefined };
  return withJsonTool(fitted, target.capabilities.toolChoiceNamed !== false);
}

/**
 * CountTokens takes no schema of an answer, and a tool's comes near it. It is not forced where structured outputs would
 * answer: what keeps the chat from a forced tool would keep the count from it too.
 */
function asCounted(call: Pick<ModelCall, 'request' | 'target' | 'jsonWay'>): ChatRequest {
  const { request } = asModelTakesIt({ ...call, jsonWay: 'tool' });
  if (call.jsonWay !== 'native' || request.tools === undefined) return request;
  return { ...request, tools: { ...request.tools, choice: { kind: 'auto' } } };
}

/** Whether the model would be sent nothing but what the caller wrote. */
function isAsItCame({ request, target, jsonWay }: ModelCall, sent: ChatRequest): boolean {
  if (needsFitting(request, target.modelId)) return false;
  return jsonWay === 'native'
    ? sent.responseFormat === request.responseFormat
    : request.responseFormat === undefined;
}

/** One call whose answer is a JSON object. */
async function exchangeJson(
  client: UpstreamClient,
  call: TargetCall,
  { operation, body }: { readonly operation: 'invoke' | 'count-tokens'; readonly body: string },
): Promise<{ readonly answer: UpstreamAnswer; readonly value: JsonObject }> {
  const { target, connectMsMax, traceparent, onSent, signal } = call;
  const answer = await client.send({
    target,
    path: modelPath(target, operation),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
    connectMsMax,
    traceparent,
    onSent,
    signal,
  });
  checkContentType(answer, 'application/json');
  const text = await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX).catch((error) => {
    throw asUpstreamFailure(error, service);
  });
  return { answer, value: readable(() => parseJsonObject(text, 'the answer')) };
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
}

/**
 * What a target is called by: its profile where it has one, else its model id. Counting runs no model and knows no
 * profiles: the prompt stays in the source region.
 */
function modelPath(target: Target, operation: Operation): string {
  const paths = knownPaths.get(target) ?? {};
  knownPaths.set(target, paths);
  const { profileId, modelId } = target;
  const name = operation === 'count-tokens' ? modelId : (profileId ?? modelId);
  paths[operation] ??= `/model/${pathSegment(name)}/${operation}`;
  return paths[operation];
}

type Operation = 'converse' | 'converse-stream' | 'invoke' | 'count-tokens';

/** The targets of a route are called again and again. */
const knownPaths = new WeakMap<Target, Partial<Record<Operation, string>>>();

function checkContentType(answer: UpstreamAnswer, wanted: string): void {
  const type = String(answer.headers['content-type'] ?? '');
  if (type.startsWith(wanted)) return;
  answer.body.destroy();
  const message = `answered ${answer.status} with content type ${JSON.stringify(type)} instead of ${wanted}`;
  throw new UpstreamFailure({ service, kind: 'malformed', phase: 'before', message });
}

async function* plainEvents(answer: UpstreamAnswer, tellsMalformedStop = false): AsyncGenerator<ModelEvent> {
  try {
    const text = await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX);
    const events = eventsOfConverseAnswer(parseExactJsonObject(text, 'the answer'));
    if (!tellsMalformedStop) for (const event of events) refuseMalformedStop(event);
    yield* events;
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
}

async function* unwrapped(events: AsyncIterable<ModelEvent>, jsonTool: string): AsyncGenerator<ModelEvent> {
  let state = jsonToolState(jsonTool);
  for await (const event of events) {
    const step = unwrapJsonTool(state, event);
    state = step.state;
    yield* step.events;
  }
}
