import { bodyViolations } from '#contract/body-violations.ts';
import { openAiResponsesSchema, refusedResponsesFields } from '#contract/openai-responses.ts';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';
import { chatRequestOfResponses } from '#core/wire/openai-responses/chat-request-of-responses.ts';
import {
  type ResponseEcho,
  responseEcho,
  wholeResponse,
} from '#core/wire/openai-responses/response-object.ts';
import {
  endResponseStream,
  failResponseStream,
  startResponseStream,
  stepResponseStream,
} from '#core/wire/openai-responses/response-stream.ts';
import type { AnswerIdentity, Dialect, StreamWriter } from './dialect.ts';
import { openAiErrors } from './openai-errors.ts';
import { eventStreamMediaType, sseComment, sseResumed, sseTyped } from './server-sent-events.ts';

/** POST /v1/responses. */
export const openAiResponses: Dialect = {
  errors: openAiErrors,
  read: (body) => {
    const parsed = openAiResponsesSchema.safeParse(body);
    if (!parsed.success) {
      return { ok: false, violations: bodyViolations(parsed.error.issues, refusedResponsesFields) };
    }
    const translated = chatRequestOfResponses(parsed.data);
    if (!translated.ok) return translated;
    const echo = responseEcho(parsed.data);
    return {
      ok: true,
      work: {
        kind: 'chat',
        request: translated.request,
        stream: parsed.data.stream === true,
        writer: {
          whole: (identity, answer) => ({ body: wholeResponse(identity, echo, answer) }),
          stream: (identity) => streamWriter(identity, echo),
        },
      },
    };
  },
};

function streamWriter(identity: AnswerIdentity, echo: ResponseEcho): StreamWriter {
  let state = startResponseStream(identity, echo);
  return {
    contentType: eventStreamMediaType,
    holdsAnswer: true,
    heartbeat: sseComment('heartbeat'),
    step: (event) => {
      const next = stepResponseStream(state, event);
      state = next.state;
      return sseTyped(next.frames);
    },
    end: () => sseTyped(endResponseStream(state)),
    // Its events are numbered and of a closed list.
    resumed: sseResumed,
    interrupted: (broken) => sseTyped(failResponseStream(state, interruptedStream(broken), broken.usage)),
  };
}
