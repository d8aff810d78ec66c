/** Server-sent events inside of SageMaker's frames, whose parts know nothing of lines. */
import type { ModelEvent } from '#core/chat/model-event.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { LineSplitter } from './line-splitter.ts';
import type { FrameReader } from './packet-stream.ts';
import { incomplete } from './upstream-stream.ts';

const service = 'sagemaker-runtime';

/** What stands in the `data` of events, one container's format. */
export interface DataReader {
  /** @throws MalformedAnswer; UpstreamFailure */
  read(data: string, arrived: ModelEvent[]): void;
  /** Why the answer is not whole; undefined where it is. */
  missing(): string | undefined;
  /** As `FrameReader.verbatim`. */
  readonly verbatim: boolean;
}

export function serverSentLines(reader: DataReader): FrameReader {
  const lines = new LineSplitter();
  const readLine = (line: string, arrived: ModelEvent[]): void => {
    const data = dataOf(line);
    if (data !== undefined) reader.read(data, arrived);
  };
  return {
    verbatim: reader.verbatim,
    take: (frame, arrived) => {
      if (frame.headers[':event-type'] !== 'PayloadPart') return;
      for (const line of lines.push(frame.payload)) readLine(line, arrived);
    },
    finish: (arrived) => {
      readLine(lines.rest(), arrived);
      const missing = reader.missing();
      if (missing !== undefined) throw incomplete(service, `the stream ended without ${missing}`);
    },
  };
}

/** What a container reports in the place of an answer. */
export function containerFailure(message: unknown, originalStatusCode: number | undefined): UpstreamFailure {
  return new UpstreamFailure({
    service,
    kind: 'answer',
    phase: 'in-stream',
    errorName: 'ModelError',
    message: String(message ?? 'the container reported an error'),
    originalStatusCode,
  });
}

/** The payload of an SSE `data:` line, or a bare JSON line; undefined for comments, other fields and blank lines. */
function dataOf(line: string): string | undefined {
  if (line.startsWith('data:')) return line.slice(5).trim();
  return line.startsWith('{') ? line : undefined;
}
