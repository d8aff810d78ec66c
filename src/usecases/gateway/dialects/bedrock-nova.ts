/** Nova's messages as InvokeModel carries them: Converse's shapes, one after the other as chunks where streamed. */
import { bedrockNovaSchema } from '#contract/bedrock-nova.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import type { Usage } from '#core/chat/model-event.ts';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import { converseAnswer } from '#core/wire/bedrock/converse-answer.ts';
import {
  type ConverseStreamEvent,
  endConverseStream,
  startConverseStream,
  stepConverseStream,
} from '#core/wire/bedrock/converse-stream.ts';
import { interruptedFrame } from '#core/wire/bedrock/interrupted-stream.ts';
import { chunkFrames, invocationMetrics } from '#core/wire/bedrock/invoke-chunks.ts';
import { tokenCountHeaders } from '#core/wire/bedrock/token-count-headers.ts';
import { amazonEventStreamMediaType } from '#core/wire/event-stream/encode-frame.ts';
import type { ReadNativeChat } from './bedrock-anthropic.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, ChatWriter, ResumedStream, StreamWriter } from './dialect.ts';

/** @param model the logical model that the path names */
export function readBedrockNova(body: unknown, model: string): ReadNativeChat {
  const parsed = bedrockNovaSchema.safeParse(body);
  if (!parsed.success) return { ok: false, violations: bodyViolations(parsed.error.issues, {}) };
  const { schemaVersion: _, inferenceConfig, ...rest } = parsed.data;
  if (inferenceConfig === undefined) return chatRequestOfConverse(rest, model);
  const { topK, ...inference } = inferenceConfig;
  // Where Converse has no word for it, Nova takes it so.
  const own = topK === undefined ? {} : { additionalModelRequestFields: { inferenceConfig: { topK } } };
  return chatRequestOfConverse({ ...rest, inferenceConfig: inference, ...own }, model);
}

export function bedrockNovaWriter(): ChatWriter {
  return {
    whole: (identity, answer) => {
      const { output, stopReason, usage } = converseAnswer(answer, identity.elapsedMs());
      return {
        body: { output, stopReason, ...(usage === undefined ? {} : { usage }) },
        headers: { ...bedrockHeaders(identity), ...tokenCountHeaders(answer.usage) },
      };
    },
    stream: streamWriter,
  };
}

function streamWriter(identity: AnswerIdentity): StreamWriter {
  let state = startConverseStream();
  let usage: Usage | undefined;
  let firstByteMs: number | undefined;
  let mark: ResumedStream | undefined;
  return {
    contentType: amazonEventStreamMediaType,
    headers: bedrockHeaders(identity),
    heartbeat: undefined,
    step: (event) => {
      firstByteMs ??= identity.elapsedMs();
      if (event.type === 'usage') usage = event.usage;
      const next = stepConverseStream(state, event);
      state = next.state;
      return chunkFrames(next.events.map(chunk));
    },
    end: () => {
      const invocationMs = identity.elapsedMs();
      const metrics = invocationMetrics(usage, { invocationMs, firstByteMs: firstByteMs ?? invocationMs });
      // Beside the metrics, where clients look for nothing else.
      const last = mark === undefined ? metrics : { ...metrics, spillway: { resumed: mark } };
      const events = endConverseStream(state, invocationMs).map(chunk);
      return chunkFrames(
        events.map((event, index) => (index === events.length - 1 ? { ...event, ...last } : event)),
      );
    },
    resumed: (given) => {
      mark = given;
      return new Uint8Array();
    },
    interrupted: interruptedFrame,
  };
}

/** Converse names an event in its frame; here the name is the one member of the JSON. */
function chunk({ type, members }: ConverseStreamEvent): Readonly<Record<string, unknown>> {
  return { [type]: members };
}
