import { readAnthropicHeaders } from '#contract/anthropic-headers.ts';
import { anthropicMessagesSchema, refusedAnthropicFields } from '#contract/anthropic-messages.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import { chatRequestOfAnthropic } from '#core/wire/anthropic/chat-request-of-anthropic.ts';
import { interruptedMessage } from '#core/wire/anthropic/interrupted-message.ts';
import { anthropicMessage, type MessageIdentity } from '#core/wire/anthropic/message.ts';
import {
  endAnthropicStream,
  startAnthropicStream,
  stepAnthropicStream,
} from '#core/wire/anthropic/message-stream.ts';
import { joinBytes } from '../join-bytes.ts';
import { anthropicErrors } from './anthropic-errors.ts';
import type { AnswerIdentity, ChatWriter, Dialect, StreamWriter } from './dialect.ts';
import { eventStreamMediaType, sseResumed, sseTyped } from './server-sent-events.ts';

/** POST /v1/messages. */
export const anthropicMessages: Dialect = {
  errors: anthropicErrors,
  read: (body, _path, headers) => {
    const { betas, violations } = readAnthropicHeaders(headers);
    const parsed = anthropicMessagesSchema.safeParse(body);
    if (!parsed.success) {
      const wrong = bodyViolations(parsed.error.issues, refusedAnthropicFields);
      return { ok: false, violations: [...wrong, ...violations] };
    }
    const translated = chatRequestOfAnthropic(parsed.data, betas);
    if (!translated.ok) return { ok: false, violations: [...translated.violations, ...violations] };
    if (violations.length > 0) return { ok: false, violations };
    const { request } = translated;
    const writer = writerOf(request.inference.stopSequences ?? []);
    return { ok: true, work: { kind: 'chat', request, stream: parsed.data.stream === true, writer } };
  },
};

function writerOf(stopSequences: readonly string[]): ChatWriter {
  const named = ({ requestId, model }: AnswerIdentity): MessageIdentity => ({
    id: `msg_${requestId}`,
    model,
    stopSequences,
  });
  return {
    whole: (identity, answer) => ({
      body: anthropicMessage(named(identity), answer),
      headers: requestIdHeader(identity),
    }),
    stream: (identity) => streamWriter(named(identity), identity),
  };
}

function streamWriter(message: MessageIdentity, identity: AnswerIdentity): StreamWriter {
  let state = startAnthropicStream(message);
  return {
    contentType: eventStreamMediaType,
    headers: requestIdHeader(identity),
    heartbeat: sseTyped([{ type: 'ping' }]),
    step: (event) => {
      const next = stepAnthropicStream(state, event);
      state = next.state;
      return sseTyped(next.events);
    },
    end: () => sseTyped(endAnthropicStream(state)),
    // A ping is the one event that says nothing of the message.
    resumed: (mark) => {
      const ping = { type: 'ping', spillway: { resumed: mark } };
      return joinBytes([sseResumed(mark), sseTyped([ping])]);
    },
    interrupted: (broken) => sseTyped([interruptedMessage({ ...broken, requestId: identity.requestId })]),
  };
}

/** Where Anthropic's clients look for it. */
function requestIdHeader({ requestId }: AnswerIdentity): Readonly<Record<string, string>> {
  return { 'request-id': requestId };
}
