import type { UpstreamAnswer, UpstreamBody } from '#adapters/aws/upstream-exchange.ts';

/** A body whose pieces come as `read` gives them. */
export function bodyReading(read: UpstreamBody['read'], destroy: () => void = () => undefined): UpstreamBody {
  return {
    read,
    readFor: (reader) =>
      void read().then(
        (chunk) => reader.onChunk(chunk),
        (error: unknown) => reader.onError(error),
      ),
    destroy,
  };
}

/** An answer of these chunks, and whether its reader put it away. */
export function answerOf(...chunks: readonly Buffer[]) {
  const left = [...chunks];
  const seen = { destroyed: false };
  const answer: UpstreamAnswer = {
    status: 200,
    headers: {},
    body: bodyReading(
      async () => left.shift(),
      () => {
        seen.destroyed = true;
      },
    ),
  };
  return { answer, seen };
}
