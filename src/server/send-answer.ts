/** Writes a gateway's answer to a Node response, as fast as the caller reads and no faster. */
import type { ServerResponse } from 'node:http';
import type { ByteSink, ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import { PartWriter } from './part-writer.ts';
import { ReaderPace } from './reader-pace.ts';
import { breakOff, isGone, type SendOptions } from './send-response.ts';

/** Resolves when all is written or the caller has gone. Undefined where all is: what is whole is written at once. */
export function sendAnswer(
  { status, headers, body }: GatewayAnswer,
  outgoing: ServerResponse,
  options: SendOptions,
): Promise<void> | undefined {
  // As a list that Node writes down as it stands: set one by one, each is looked up and listed again.
  const head: string[] = [];
  for (const [name, value] of headers) head.push(name, value);
  if (options.closeConnection && outgoing.req.httpVersionMajor === 1) head.push('connection', 'close');
  if (body === null || typeof body === 'string') {
    if (body !== null && !options.isHead) head.push('content-length', `${Buffer.byteLength(body)}`);
    outgoing.writeHead(status, head);
    // In one piece with the head, since it is text.
    outgoing.end(options.isHead ? undefined : (body ?? undefined));
    return undefined;
  }
  if (!options.isHead) return pump(body, new PartWriter(outgoing, status, head), options);
  outgoing.writeHead(status, head);
  body.cancel();
  outgoing.end();
  return undefined;
}

async function pump(source: ByteSource, writer: PartWriter, options: SendOptions): Promise<void> {
  const { outgoing } = writer;
  let ended = false;
  const pace = new ReaderPace(options);
  const sink: ByteSink = {
    desiredSize: 0,
    takesMore: () => writer.full === undefined && !isGone(outgoing),
    enqueue: (bytes) => {
      pace.wrote(bytes.length);
      if (!isGone(outgoing)) writer.write(bytes);
    },
    close: () => {
      ended = true;
      if (!isGone(outgoing)) outgoing.end();
    },
  };
  // The head goes out with the first bytes where they are there already, and waits for no others.
  const showing = setImmediate(() => outgoing.flushHeaders());
  try {
    while (!ended && !isGone(outgoing)) {
      await source.pull(sink);
      if (writer.full !== undefined && !ended) await pace.untilWritable(outgoing, writer.full);
      writer.full = undefined;
    }
  } catch {
    // An end in good order would make a broken answer look whole.
    breakOff(outgoing);
  } finally {
    clearImmediate(showing);
    // Frees the call behind the body when the caller left in the middle.
    if (!ended) source.cancel();
  }
}
