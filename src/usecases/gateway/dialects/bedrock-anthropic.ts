/** Anthropic's Messages as InvokeModel carries them: its own body, its own events inside Bedrock's frames. */
import { readAnthropicBetas } from '#contract/anthropic-headers.ts';
import { bedrockAnthropicSchema, refusedBedrockAnthropicFields } from '#contract/bedrock-anthropic.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { chatRequestOfAnthropic } from '#core/wire/anthropic/chat-request-of-anthropic.ts';
import { anthropicMessage, type MessageIdentity } from '#core/wire/anthropic/message.ts';
import {
  endAnthropicStream,
  startAnthropicStream,
  stepAnthropicStream,
} from '#core/wire/anthropic/message-stream.ts';
import { tokenCountHeaders } from '#core/wire/bedrock/token-count-headers.ts';
import { chunkStreamWriter, type FamilyChunks } from './bedrock-chunk-stream.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, BodyViolation, ChatWriter } from './dialect.ts';

export type ReadNativeChat =
  | { readonly ok: true; readonly request: ChatRequest }
  | { readonly ok: false; readonly violations: readonly BodyViolation[] };

/** @param model the logical model that the path names */
export function readBedrockAnthropic(body: unknown, model: string): ReadNativeChat {
  const parsed = bedrockAnthropicSchema.safeParse(body);
  if (!parsed.success) {
    return { ok: false, violations: bodyViolations(parsed.error.issues, refusedBedrockAnthropicFields) };
  }
  const { anthropic_version: _, anthropic_beta: names = [], ...rest } = parsed.data;
  const { betas, violations } = readAnthropicBetas(names, 'anthropic_beta');
  const translated = chatRequestOfAnthropic({ ...rest, model }, betas);
  if (!translated.ok) return { ok: false, violations: [...violations, ...translated.violations] };
  return violations.length > 0 ? { ok: false, violations } : translated;
}

export function bedrockAnthropicWriter({ inference }: ChatRequest): ChatWriter {
  const named = ({ requestId, model }: AnswerIdentity): MessageIdentity => ({
    id: `msg_${requestId}`,
    model,
    stopSequences: inference.stopSequences ?? [],
  });
  return {
    whole: (identity, answer) => ({
      body: anthropicMessage(named(identity), answer),
      headers: {
        ...bedrockHeaders(identity),
        ...tokenCountHeaders(answer.usage),
        'x-amzn-bedrock-invocation-latency': String(identity.elapsedMs()),
      },
    }),
    stream: (identity) => chunkStreamWriter(identity, familyChunks(named(identity))),
  };
}

function familyChunks(message: MessageIdentity): FamilyChunks {
  let state = startAnthropicStream(message);
  return {
    step: (event) => {
      const next = stepAnthropicStream(state, event);
      state = next.state;
      return next.events;
    },
    end: () => endAnthropicStream(state),
  };
}
