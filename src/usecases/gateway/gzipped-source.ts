import type { ByteSink, ByteSource } from './gateway-answer.ts';

/** The same bytes, compressed as they are made and no faster than they are read. */
export function gzippedSource(source: ByteSource): ByteSource {
  const plain = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) => source.pull(sinkOf(controller)),
      cancel: () => source.cancel(),
    },
    { highWaterMark: 0 },
  );
  const nobodyReads = new AbortController();
  const coding = new CompressionStream('gzip');
  const reader = plain.pipeThrough(coding, { signal: nobodyReads.signal }).getReader();
  return {
    async pull(sink) {
      const { done, value } = await reader.read();
      if (done) sink.close();
      else sink.enqueue(value);
    },
    // A compressor that is cancelled tells nobody before it.
    cancel: () => nobodyReads.abort(),
  };
}

const sinkOf = (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): ByteSink => ({
  desiredSize: controller.desiredSize,
  enqueue: (bytes) => controller.enqueue(bytes as Uint8Array<ArrayBuffer>),
  close: () => controller.close(),
});
