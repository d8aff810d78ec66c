import type { Context } from './context-of.ts';
import { errorBody } from './error-body.ts';
import type { StreamingHandler } from './load-handler.ts';
import type { RuntimeClient } from './runtime-client.ts';

/** Over when the Runtime API has the whole answer, or has heard that it will not be whole. */
export async function answerStreaming(
  client: RuntimeClient,
  handler: StreamingHandler,
  { event, context }: { readonly event: unknown; readonly context: Context },
): Promise<void> {
  const stream = client.openAnswer(context.awsRequestId);
  // Heard of by `taken` and by whoever writes.
  stream.on('error', () => undefined);
  try {
    await handler(event, stream, context);
    await stream.taken;
  } catch (error) {
    process.stderr.write(`Invoke Error ${JSON.stringify(errorBody(error))}\n`);
    stream.fail(error);
    await stream.taken.catch(() => undefined);
  }
}
