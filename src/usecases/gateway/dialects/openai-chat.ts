import { bodyViolations } from '#contract/body-violations.ts';
import { openAiChatSchema, refusedOpenAiFields } from '#contract/openai-chat.ts';
import { plainOpenAiChat } from '#contract/plain-openai-chat.ts';
import { type CompletionIdentity, chatCompletion } from '#core/wire/openai/chat-completion.ts';
import { chatRequestOfOpenAi } from '#core/wire/openai/chat-request-of-openai.ts';
import {
  endOpenAiStream,
  resumedChunk,
  startOpenAiStream,
  stepOpenAiStream,
  textChunkJson,
} from '#core/wire/openai/chat-stream.ts';
import { interruptedStream } from '#core/wire/openai/interrupted-stream.ts';
import { openAiTravelsAsSent } from '#core/wire/openai/travels-as-sent.ts';
import { joinBytes } from '../join-bytes.ts';
import type { AnswerIdentity, Dialect, StreamWriter } from './dialect.ts';
import { openAiErrors } from './openai-errors.ts';
import { createRelay } from './relay.ts';
import { eventStreamMediaType, sseComment, sseData, sseJson, sseResumed } from './server-sent-events.ts';

/** POST /v1/chat/completions. */
export const openAiChat: Dialect = {
  errors: openAiErrors,
  read: (body) => {
    const checked = checkedBody(body);
    if (!checked.ok) return checked;
    const { data } = checked;
    const translated = chatRequestOfOpenAi(data);
    if (!translated.ok) return translated;
    const includeUsage = data.stream_options?.include_usage === true;
    return {
      ok: true,
      work: {
        kind: 'chat',
        request: translated.request,
        stream: data.stream === true,
        source: {
          format: 'openai-chat',
          streamed: data.stream === true,
          showsUsage: includeUsage,
          // Of the body itself, as the schema has judged it.
          members: openAiTravelsAsSent(data) ? (body as Record<string, unknown>) : undefined,
        },
        writer: {
          whole: (identity, answer) => ({ body: chatCompletion(completionIdentity(identity), answer) }),
          stream: (identity) => streamWriter(completionIdentity(identity), includeUsage),
        },
      },
    };
  },
};

function checkedBody(body: unknown) {
  const plain = plainOpenAiChat(body);
  if (plain !== undefined) return { ok: true, data: plain } as const;
  const parsed = openAiChatSchema.safeParse(body);
  if (parsed.success) return { ok: true, data: parsed.data } as const;
  return { ok: false, violations: bodyViolations(parsed.error.issues, refusedOpenAiFields) } as const;
}

function completionIdentity({ requestId, model, createdSeconds }: AnswerIdentity): CompletionIdentity {
  return { id: `chatcmpl-${requestId}`, model, createdSeconds };
}

function streamWriter(identity: CompletionIdentity, includeUsage: boolean): StreamWriter {
  const relay = createRelay();
  let state = startOpenAiStream(identity, includeUsage);
  let textChunk: ReturnType<typeof textChunkJson> | undefined;
  return {
    contentType: eventStreamMediaType,
    heartbeat: sseComment('heartbeat'),
    step: (event) => {
      const relayed = relay.step(event);
      if (relayed !== undefined) return relayed;
      if (event.type === 'text-delta' && state.roleSent) {
        textChunk ??= textChunkJson(state);
        return sseJson(textChunk(event.text));
      }
      const next = stepOpenAiStream(state, event);
      state = next.state;
      return sseData(next.chunks);
    },
    end: () => {
      const relayed = relay.end();
      return relayed === undefined
        ? sseData([...endOpenAiStream(state), '[DONE]'])
        : joinBytes([relayed, sseData(['[DONE]'])]);
    },
    resumed: (mark) => joinBytes([sseResumed(mark), sseData([resumedChunk(state, mark)])]),
    interrupted: (broken) => sseData([interruptedStream(broken)]),
  };
}
