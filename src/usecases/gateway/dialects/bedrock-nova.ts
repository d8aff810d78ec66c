/** Nova's messages as InvokeModel carries them: Converse's shapes, one after the other as chunks where streamed. */
import { bedrockNovaSchema } from '#contract/bedrock-nova.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import { converseAnswer } from '#core/wire/bedrock/converse-answer.ts';
import {
  type ConverseStreamEvent,
  endConverseStream,
  startConverseStream,
  stepConverseStream,
} from '#core/wire/bedrock/converse-stream.ts';
import { tokenCountHeaders } from '#core/wire/bedrock/token-count-headers.ts';
import type { ReadNativeChat } from './bedrock-anthropic.ts';
import { chunkStreamWriter, type FamilyChunks } from './bedrock-chunk-stream.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { ChatWriter } from './dialect.ts';

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
    stream: (identity) => chunkStreamWriter(identity, familyChunks()),
  };
}

function familyChunks(): FamilyChunks {
  let state = startConverseStream();
  return {
    step: (event) => {
      const next = stepConverseStream(state, event);
      state = next.state;
      return next.events.map(chunk);
    },
    end: (invocationMs) => endConverseStream(state, invocationMs).map(chunk),
  };
}

/** Converse names an event in its frame; here the name is the one member of the JSON. */
function chunk({ type, members }: ConverseStreamEvent): Readonly<Record<string, unknown>> {
  return { [type]: members };
}
