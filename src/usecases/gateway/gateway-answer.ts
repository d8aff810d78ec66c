/**
 * What a gateway answers, in the least that a shell needs to write it down; `webResponse` makes a web-standard response
 * of it. A shell that writes it down itself saves what building such a response and taking it apart again costs: a
 * twelfth of a request.
 */
export interface GatewayAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Map<string, string>;
  /** Text that is whole, or bytes as they are made. */
  readonly body: string | ByteSource | null;
}

/** Makes bytes when it is asked to, as what underlies a `ReadableStream` does. */
export interface ByteSource {
  /**
   * Resolves when the sink got more and takes no more at once, or was closed. Rejects where the rest is lost: the answer must break then, and not
   * end as if it were whole. Call again only when the last call has ended.
   */
  pull(sink: ByteSink): Promise<void>;
  /** Nobody wants more. Safe to call at any time. */
  cancel(): void;
}

export interface ByteSink {
  /** 0 while there is room for what fills a silence, and nothing waits to be taken. */
  readonly desiredSize: number | null;
  /** Whether there is room for more at once: then a pull may go on, and needs not be asked for every piece. @default - no */
  takesMore?(): boolean;
  enqueue(bytes: Uint8Array): void;
  close(): void;
}

/** The body is pulled no faster than it is read. */
export function webResponse({ status, headers, body }: GatewayAnswer): Response {
  const init = { status, headers: [...headers] };
  if (body === null || typeof body === 'string') return new Response(body, init);
  const stream = new ReadableStream<Uint8Array>(
    { pull: (controller) => body.pull(controller), cancel: () => body.cancel() },
    { highWaterMark: 0 },
  );
  return new Response(stream, init);
}
