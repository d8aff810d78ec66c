/** Calls Bedrock targets: ConverseStream, or Converse where a model is known not to stream. */
import { jsonToolState, unwrapJsonTool, withJsonTool } from '#core/chat/json-tool.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { Target } from '#core/target.ts';
import { type ModelInvoker, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { parseJsonObject } from './answer-reader.ts';
import { converseBody } from './converse-body.ts';
import { eventsOfConverseAnswer, eventsOfConverseFrame } from './converse-events.ts';
import { pathSegment } from './upstream-address.ts';
import type { UpstreamClient } from './upstream-client.ts';
import type { UpstreamAnswer } from './upstream-exchange.ts';
import {
  asUpstreamFailure,
  eventFrames,
  eventStreamType,
  incomplete,
  readWholeText,
} from './upstream-stream.ts';

const service = 'bedrock-runtime';

/** A plain answer is text and tool calls: far below this. */
const PLAIN_ANSWER_BYTES_MAX = 32 * 1024 * 1024;

export function createBedrockInvoker(client: UpstreamClient): ModelInvoker {
  return {
    async converse(call) {
      const streams = call.target.capabilities.streaming !== false;
      // Converse has no JSON mode that every model knows; a forced tool is one.
      const { request, jsonTool } = withJsonTool(call.request);
      const answer = await client.send({
        target: call.target,
        path: conversePath(call.target, streams ? 'converse-stream' : 'converse'),
        headers: { 'content-type': 'application/json' },
        body: converseBody(request, call.maxTokens),
        connectMsMax: call.connectMsMax,
        traceparent: call.traceparent,
        onSent: call.onSent,
        signal: call.signal,
      });
      checkContentType(answer, streams ? eventStreamType : 'application/json');
      const events = streams ? streamedEvents(answer) : plainEvents(answer);
      return jsonTool === undefined ? events : unwrapped(events, jsonTool);
    },
  };
}

/** What a target is called by: its profile where it has one, else its model id. */
function conversePath(target: Target, operation: 'converse' | 'converse-stream'): string {
  return `/model/${pathSegment(target.profileId ?? target.modelId)}/${operation}`;
}

function checkContentType(answer: UpstreamAnswer, wanted: string): void {
  const type = String(answer.headers['content-type'] ?? '');
  if (type.startsWith(wanted)) return;
  answer.body.destroy();
  const message = `answered ${answer.status} with content type ${JSON.stringify(type)} instead of ${wanted}`;
  throw new UpstreamFailure({ service, kind: 'malformed', phase: 'before', message });
}

async function* streamedEvents(answer: UpstreamAnswer): AsyncGenerator<ModelEvent> {
  let stopped = false;
  let measured = false;
  try {
    for await (const frame of eventFrames(answer, service)) {
      const eventType = frame.headers[':event-type'] ?? '';
      const payload = parseJsonObject(frame.payload.toString('utf8'), eventType);
      stopped ||= eventType === 'messageStop';
      measured ||= eventType === 'metadata';
      yield* eventsOfConverseFrame(eventType, payload);
    }
  } catch (error) {
    throw asUpstreamFailure(error, service);
  }
  if (!stopped) throw incomplete(service, 'the stream ended without messageStop');
  if (!measured) throw incomplete(service, 'the stream ended without metadata');
}

async function* plainEvents(answer: UpstreamAnswer): AsyncGenerator<ModelEvent> {
  try {
    const text = await readWholeText(answer.body, PLAIN_ANSWER_BYTES_MAX);
    yield* eventsOfConverseAnswer(parseJsonObject(text, 'the answer'));
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
