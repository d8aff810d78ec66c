/**
 * The least that any gateway from OpenAI to Bedrock must do: parse the body, rewrite it as a Converse call, sign it,
 * and rewrite the answer. No keys, no routes, no deadlines, no checks, no metrics, no second try.
 */
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from './node-sha256.ts';

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens: number;
  readonly temperature: number;
  readonly stream?: boolean;
}

interface ConverseAnswer {
  readonly output: { readonly message: { readonly content: readonly { readonly text: string }[] } };
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly totalTokens: number;
  };
}

const upstream = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });
const region = 'us-east-1';
const signer = new SignatureV4({
  service: 'bedrock',
  region,
  credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' },
  sha256: NodeSha256,
});
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as ChatBody;
  const stream = asked.stream === true;
  const path = `/model/amazon.nova-lite-v1%3A0/converse${stream ? '-stream' : ''}`;
  const body = converseBody(asked);
  const signed = await signer.sign({
    method: 'POST',
    protocol: 'https:',
    hostname: upstream.host,
    path,
    query: {},
    headers: { host: upstream.host, 'content-type': 'application/json' },
    body,
  });
  const headers = { ...signed.headers, 'content-length': Buffer.byteLength(body) };
  const call = openRequest(
    { agent, host: upstream.hostname, port: upstream.port, method: 'POST', path, headers },
    (answer) => {
      if (stream) forwardStream(answer, outgoing, asked.model);
      else void forwardPlain(answer, outgoing, asked.model);
    },
  );
  call.on('error', () => outgoing.destroy());
  call.end(body);
}

function converseBody({ messages, max_tokens: maxTokens, temperature }: ChatBody): string {
  const blocks = (wanted: (role: string) => boolean) => messages.filter(({ role }) => wanted(role));
  return JSON.stringify({
    system: blocks((role) => role === 'system').map(({ content }) => ({ text: content })),
    messages: blocks((role) => role !== 'system').map(({ role, content }) => ({
      role,
      content: [{ text: content }],
    })),
    inferenceConfig: { maxTokens, temperature },
  });
}

async function forwardPlain(answer: IncomingMessage, outgoing: ServerResponse, model: string): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const { output, usage } = JSON.parse(Buffer.concat(parts).toString('utf8')) as ConverseAnswer;
  const content = output.message.content.map(({ text }) => text).join('');
  const { inputTokens, outputTokens, totalTokens } = usage;
  const body = JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens },
  });
  outgoing
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

function forwardStream(answer: IncomingMessage, outgoing: ServerResponse, model: string): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  outgoing.flushHeaders();
  const created = Math.floor(Date.now() / 1000);
  const chunk = (delta: unknown, finishReason: string | null) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created,
      model,
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    })}\n\n`;
  const eventOf = (frame: Buffer): string => {
    const { headers, body } = codec.decode(frame);
    const type = headers[':event-type']?.value;
    if (type === 'messageStart') return chunk({ role: 'assistant' }, null);
    if (type === 'messageStop') return chunk({}, 'stop');
    if (type !== 'contentBlockDelta') return '';
    const { delta } = JSON.parse(Buffer.from(body).toString('utf8')) as { delta: { text: string } };
    return chunk({ content: delta.text }, null);
  };
  let held: Buffer = Buffer.alloc(0);
  answer.on('data', (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    let text = '';
    while (held.length >= 4 && held.length >= held.readUInt32BE(0)) {
      text += eventOf(held.subarray(0, held.readUInt32BE(0)));
      held = held.subarray(held.readUInt32BE(0));
    }
    if (text !== '') outgoing.write(text);
  });
  answer.on('end', () => outgoing.end('data: [DONE]\n\n'));
}

const server = createServer({ noDelay: true }, (incoming, outgoing) => {
  serve(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit(0));
