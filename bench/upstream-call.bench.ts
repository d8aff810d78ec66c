/**
 * What one upstream call costs in CPU: AWS's own clients against the data path's client, side by side in one run.
 *
 * The upstream is a loopback server in a process of its own, so that only the caller's work is counted. Rounds
 * alternate in order, since the first of a pair always finds a colder processor. What counts is the ratio: it holds
 * from machine to machine, microseconds do not.
 *
 *     node bench/upstream-call.bench.ts            figures, and exit code 1 when a budget is broken
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { createBedrockInvoker } from '#adapters/aws/bedrock-invoker.ts';
import { createUpstreamClient } from '#adapters/aws/upstream-client.ts';
import { converseFrames } from '#test/builders/event-stream-frame.ts';
import { bedrockTarget, modelCall } from '#test/builders/model-call.ts';

/** Ours ÷ the SDK's, at most. */
const ratioBudgets = { plain: 0.4, stream: 0.4 } as const;

const ROUNDS = 9;
const CALLS_PER_ROUND = 400;
const CONCURRENCY = 8;
const WORDS = 24;

const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' };
const words = Array.from({ length: WORDS }, (_, index) => ` word${index}`);

type Contender = {
  readonly name: string;
  readonly call: () => Promise<number>;
  readonly close: () => unknown;
};

if (process.argv[2] === '--upstream') serveUpstream();
else process.exitCode = await main();

/** Answers everything at once: HTTP/1.1 and, since the SDK speaks it here, HTTP/2 without TLS, on one port. */
function serveUpstream(): void {
  const streamed = Buffer.concat(converseFrames(...words));
  const plain = Buffer.from(
    JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text: words.join('') }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 7, outputTokens: WORDS, totalTokens: 7 + WORDS },
      metrics: { latencyMs: 12 },
    }),
  );
  const answer = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => {
    const streams = request.url?.endsWith('converse-stream') === true;
    request.resume();
    request.once('end', () => {
      response.statusCode = 200;
      response.setHeader('content-type', streams ? 'application/vnd.amazon.eventstream' : 'application/json');
      (response as ServerResponse).end(streams ? streamed : plain);
    });
  };
  const http1 = createHttp1Server(answer);
  const http2 = createHttp2Server(answer);
  const listener = createTcpServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      if (first === null) return;
      socket.unshift(first);
      (first.subarray(0, 3).toString() === 'PRI' ? http2 : http1).emit('connection', socket);
    });
  });
  listener.listen(0, '127.0.0.1', () => process.send?.((listener.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit(0));
}

async function main(): Promise<number> {
  const upstream = fork(fileURLToPath(import.meta.url), ['--upstream']);
  const [port] = (await once(upstream, 'message')) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  console.log(
    `CPU µs per call, median of ${ROUNDS} rounds of ${CALLS_PER_ROUND} calls, ${CONCURRENCY} at a time, ` +
      `${WORDS} deltas; Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
  );
  let broken = 0;
  for (const kind of ['plain', 'stream'] as const) {
    const contenders = [sdkContender(endpoint, kind), ourContender(endpoint, kind)];
    const [sdkUs = 0, oursUs = 0] = await measure(contenders);
    for (const { close } of contenders) await close();
    const ratio = oursUs / sdkUs;
    const verdict = ratio <= ratioBudgets[kind] ? 'within' : 'OVER';
    if (verdict === 'OVER') broken += 1;
    console.log(
      `${kind.padEnd(6)}  SDK ${sdkUs.toFixed(0).padStart(5)}  ours ${oursUs.toFixed(0).padStart(5)}  ` +
        `ratio ${ratio.toFixed(2)}  budget ${ratioBudgets[kind]}  ${verdict}`,
    );
  }
  await stop(upstream);
  return broken === 0 ? 0 : 1;
}

function sdkContender(endpoint: string, kind: 'plain' | 'stream'): Contender {
  const client = new BedrockRuntimeClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  const input = {
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
    inferenceConfig: { maxTokens: 64 },
  };
  const streamed = async () => {
    const answer = await client.send(new ConverseStreamCommand(input));
    let characters = 0;
    for await (const event of answer.stream ?? [])
      characters += event.contentBlockDelta?.delta?.text?.length ?? 0;
    return characters;
  };
  const plain = async () => {
    const answer = await client.send(new ConverseCommand(input));
    return answer.output?.message?.content?.[0]?.text?.length ?? 0;
  };
  return { name: 'SDK', call: kind === 'stream' ? streamed : plain, close: () => client.destroy() };
}

function ourContender(endpoint: string, kind: 'plain' | 'stream'): Contender {
  const client = createUpstreamClient({
    credentials: { load: async () => credentials, forget: () => undefined },
    endpoint,
  });
  const invoker = createBedrockInvoker(client);
  const target = bedrockTarget({ capabilities: { streaming: kind === 'stream' } });
  const call = async () => {
    let characters = 0;
    for await (const event of await invoker.converse(modelCall({ target }))) {
      if (event.type === 'text-delta') characters += event.text.length;
    }
    return characters;
  };
  return { name: 'ours', call, close: () => client.close() };
}

/** Median CPU microseconds per call of each contender. */
async function measure(contenders: readonly Contender[]): Promise<readonly number[]> {
  for (const contender of contenders) await runRound(contender);
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = contenders.map((_, index) => index);
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const contender = contenders[index];
      if (contender !== undefined) samples[index]?.push(await runRound(contender));
    }
  }
  return samples.map((values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

async function runRound(contender: Contender): Promise<number> {
  const charactersWanted = words.join('').length;
  const before = process.cpuUsage();
  let left = CALLS_PER_ROUND;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const characters = await contender.call();
      if (characters !== charactersWanted) throw new Error(`${contender.name} read ${characters} characters`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / CALLS_PER_ROUND;
}

async function stop(upstream: ChildProcess): Promise<void> {
  const exited = once(upstream, 'exit');
  upstream.disconnect();
  await exited;
}
