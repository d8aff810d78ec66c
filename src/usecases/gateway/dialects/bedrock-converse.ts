import { bedrockConverseSchema, refusedConverseFields } from '#contract/bedrock-converse.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import type { SourceBody } from '#core/chat/source-body.ts';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import { converseAnswer } from '#core/wire/bedrock/converse-answer.ts';
import {
  type ConverseStreamEvent,
  endConverseStream,
  startConverseStream,
  stepConverseStream,
} from '#core/wire/bedrock/converse-stream.ts';
import { interruptedFrame } from '#core/wire/bedrock/interrupted-stream.ts';
import { converseTravelsAsSent } from '#core/wire/bedrock/travels-as-sent.ts';
import {
  amazonEventStreamMediaType,
  encodeEventFrame,
  joinedFrames,
} from '#core/wire/event-stream/encode-frame.ts';
import { bedrockErrors, bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, Dialect, ResumedStream, StreamWriter } from './dialect.ts';
import { createRelay } from './relay.ts';

/** POST /model/{modelId}/converse and /converse-stream: the path names the model and the manner of the answer. */
export const bedrockConverse: Dialect = {
  errors: bedrockErrors,
  read: (body, { model = '', stream = false }) => {
    const parsed = bedrockConverseSchema.safeParse(body);
    if (!parsed.success) {
      return { ok: false, violations: bodyViolations(parsed.error.issues, refusedConverseFields) };
    }
    const translated = chatRequestOfConverse(parsed.data, model);
    if (!translated.ok) return translated;
    const writer = {
      whole: (identity: AnswerIdentity, answer: Parameters<typeof converseAnswer>[0]) => ({
        body: converseAnswer(answer, identity.elapsedMs()),
        headers: bedrockHeaders(identity),
      }),
      stream: streamWriter,
    };
    const source: SourceBody = {
      format: 'bedrock-converse',
      streamed: stream,
      showsUsage: true,
      members: converseTravelsAsSent(parsed.data) ? (body as Record<string, unknown>) : undefined,
    };
    return { ok: true, work: { kind: 'chat', request: translated.request, stream, source, writer } };
  },
};

function streamWriter(identity: AnswerIdentity): StreamWriter {
  const relay = createRelay();
  let state = startConverseStream();
  let mark: ResumedStream | undefined;
  return {
    contentType: amazonEventStreamMediaType,
    headers: bedrockHeaders(identity),
    // Clients throw at an event that they do not know, or show it: there is none that says nothing.
    heartbeat: undefined,
    step: (event) => {
      const relayed = relay.step(event);
      if (relayed !== undefined) return relayed;
      const next = stepConverseStream(state, event);
      state = next.state;
      return framed(next.events);
    },
    end: () =>
      relay.end() ??
      framed(endConverseStream(state, identity.elapsedMs()).map((event) => withMark(event, mark))),
    // The one place for what no client knows stands at the end.
    resumed: (given) => {
      mark = given;
      return new Uint8Array();
    },
    interrupted: interruptedFrame,
  };
}

/** Free of any shape: what a model tells beside its answer. */
function withMark(event: ConverseStreamEvent, mark: ResumedStream | undefined): ConverseStreamEvent {
  if (mark === undefined || event.type !== 'messageStop') return event;
  const { additionalModelResponseFields: fields } = event.members;
  const others = typeof fields === 'object' && fields !== null ? fields : {};
  const additionalModelResponseFields = { ...others, spillway: { resumed: mark } };
  return { ...event, members: { ...event.members, additionalModelResponseFields } };
}

function framed(events: readonly ConverseStreamEvent[]): Uint8Array {
  return joinedFrames(events.map(({ type, members }) => encodeEventFrame(type, members)));
}
