import type { UpstreamBody } from '#adapters/aws/upstream-exchange.ts';

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
