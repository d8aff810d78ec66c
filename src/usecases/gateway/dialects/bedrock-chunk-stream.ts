/** A stream of InvokeModelWithResponseStream: a model family's own events as chunks, Bedrock's numbers beside the last. */
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import { interruptedFrame } from '#core/wire/bedrock/interrupted-stream.ts';
import { chunkFrames, invocationMetrics } from '#core/wire/bedrock/invoke-chunks.ts';
import { amazonEventStreamMediaType } from '#core/wire/event-stream/encode-frame.ts';
import { bedrockHeaders } from './bedrock-errors.ts';
import type { AnswerIdentity, ResumedStream, StreamWriter } from './dialect.ts';

type Chunk = Readonly<Record<string, unknown>>;

/** The events of one answer in the words of a model family; it keeps what they need of each other. */
export interface FamilyChunks {
  step(event: ModelEvent): readonly Chunk[];
  /** The last events of a whole answer: Bedrock's numbers go into the last of them. */
  end(invocationMs: number): readonly Chunk[];
}

export function chunkStreamWriter(identity: AnswerIdentity, family: FamilyChunks): StreamWriter {
  let usage: Usage | undefined;
  let firstByteMs: number | undefined;
  let mark: ResumedStream | undefined;
  return {
    contentType: amazonEventStreamMediaType,
    headers: bedrockHeaders(identity),
    // Clients hand every chunk to a reader of the family's events: there is none that says nothing.
    heartbeat: undefined,
    step: (event) => {
      firstByteMs ??= identity.elapsedMs();
      if (event.type === 'usage') usage = event.usage;
      return chunkFrames(family.step(event));
    },
    end: () => {
      const invocationMs = identity.elapsedMs();
      const metrics = invocationMetrics(usage, { invocationMs, firstByteMs: firstByteMs ?? invocationMs });
      // Beside the metrics, where clients look for nothing else.
      const beside = mark === undefined ? metrics : { ...metrics, spillway: { resumed: mark } };
      const chunks = family.end(invocationMs);
      const last = chunks.length - 1;
      return chunkFrames(chunks.map((chunk, index) => (index === last ? { ...chunk, ...beside } : chunk)));
    },
    interrupted: interruptedFrame,
    resumed: (given) => {
      mark = given;
      return new Uint8Array();
    },
  };
}
