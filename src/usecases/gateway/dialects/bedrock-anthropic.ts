/** Anthropic's Messages as InvokeModel carries them: its own body, its own events inside Bedrock's frames. */
import { readAnthropicBetas } from '#contract/anthropic-headers.ts';
import { bedrockAnthropicSchema, refusedBedrockAnthropicFields } from '#contract/bedrock-anthropic.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { Usage } from '#core/chat/model-event.ts';
import { chatRequestOfAnthropic } from '#core/wire/anthropic/chat-request-of-anthropic.ts';
import { anthropicMessage, type MessageIdentity } from '#core/wire/anthropic/message.ts';
import {
  endAnthropicStream,
  startAnthropicStream,
  stepAnthropicStream,
} from '#core/wire/anthropic/message-stream.ts';
import { interruptedFrame } from '#core/wire/bedrock/interrupted-stream.ts';
import { chunkFrames, invocationMetrics } from '#core/wire/bedrock/invoke-chunks.ts';
import { tokenCountHeaders } from '#core/wire/bedrock/token-count-headers.ts';
import { amazonEventStreamMediaType } from '#core/wire/event-stream/encode-frame.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, BodyViolation, ChatWriter, ResumedStream, StreamWriter } from './dialect.ts';

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
    stream: (identity) => streamWriter(named(identity), identity),
  };
}

function streamWriter(message: MessageIdentity, identity: AnswerIdentity): StreamWriter {
  let state = startAnthropicStream(message);
  let usage: Usage | undefined;
  let firstByteMs: number | undefined;
  let mark: ResumedStream | undefined;
  return {
    contentType: amazonEventStreamMediaType,
    headers: bedrockHeaders(identity),
    // Clients hand every chunk to a reader of Anthropic's events: there is none that says nothing.
    heartbeat: undefined,
    step: (event) => {
      firstByteMs ??= identity.elapsedMs();
      if (event.type === 'usage') usage = event.usage;
      const next = stepAnthropicStream(state, event);
      state = next.state;
      return chunkFrames(next.events);
    },
    end: () => {
      const invocationMs = identity.elapsedMs();
      const metrics = invocationMetrics(usage, { invocationMs, firstByteMs: firstByteMs ?? invocationMs });
      const events = endAnthropicStream(state);
      // Beside the metrics, where clients look for nothing else.
      const last = mark === undefined ? metrics : { ...metrics, spillway: { resumed: mark } };
      return chunkFrames(
        events.map((event, index) => (index === events.length - 1 ? { ...event, ...last } : event)),
      );
    },
    interrupted: interruptedFrame,
    resumed: (given) => {
      mark = given;
      return new Uint8Array();
    },
  };
}
