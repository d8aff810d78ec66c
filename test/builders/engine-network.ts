/**
 * The way between the processes of a capacity world and a DynamoDB engine: AWS's own clients and real sockets on both
 * sides, and what the world does to a call happens to its bytes. The world's time stands still while bytes are under way.
 */
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { isHouseError } from '#core/errors/house-error.ts';
import type { CapacityWorld } from './capacity-world.ts';
import { createTestTable, type RunningEngine } from './dynamodb-engines.ts';

interface Message {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answer extends Message {
  readonly status: number;
}

/** One call of a client, from when it is ready to be signed until it has heard what became of it. */
interface CallUnderWay {
  readonly world: CapacityWorld;
  readonly arrive: (message: Message) => void;
  /** What the world lets it hear. */
  readonly answer: Promise<Answer>;
  readonly heard: Promise<void>;
}

const CALL_HEADER = 'x-call';
/** Of the hop alone. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'host', CALL_HEADER];

const throttled: Answer = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'),
};
const broken: Answer = {
  status: 500,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from('{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}'),
};

export class EngineNetwork {
  /** A table `capacity` on the engine. */
  readonly table: string;
  readonly #engine: RunningEngine;
  readonly #toEngine = new Agent({ keepAlive: true });
  readonly #server: Server;
  readonly #client: DynamoDBClient;
  readonly #calls = new Map<string, CallUnderWay>();
  #callCount = 0;

  private constructor(engine: RunningEngine, table: string, server: Server) {
    this.#engine = engine;
    this.table = table;
    this.#server = server.on('request', (asked, response) => void this.#receive(asked, response));
    this.#client = new DynamoDBClient(this.#clientOptions({ httpAgent: { maxSockets: 10_000 } }));
  }

  static async open(engine: RunningEngine): Promise<EngineNetwork> {
    const server = createServer();
    // A call over a connection that was closed for being idle would be lost by nobody's will.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EngineNetwork(engine, await createTestTable(engine.client, 'capacity'), server);
  }

  /** Of one process; they share their sockets, which nothing but time would tell apart. */
  clientOf(world: CapacityWorld, process: string): DynamoDBClient {
    const client = new DynamoDBClient(this.#clientOptions(this.#client.config.requestHandler));
    client.middlewareStack.add(
      (next) => async (args) => {
        const { id, hear } = this.#begin(world, process);
        (args.request as { headers: Record<string, string> }).headers[CALL_HEADER] = id;
        try {
          return await next(args);
        } finally {
          hear();
        }
      },
      { step: 'build' },
    );
    return client;
  }

  async close(): Promise<void> {
    this.#client.destroy();
    this.#toEngine.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#engine.close();
  }

  #clientOptions(requestHandler: DynamoDBClientConfig['requestHandler']): DynamoDBClientConfig {
    const address = this.#server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local' };
    return {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
      ...(requestHandler && { requestHandler }),
    };
  }

  /** What becomes of a call is drawn when it is begun: the order in which sockets are heard is nobody's to know. */
  #begin(world: CapacityWorld, process: string): { readonly id: string; hear(): void } {
    const id = String(++this.#callCount);
    const [sent, heard] = [Promise.withResolvers<Message>(), Promise.withResolvers<void>()];
    world.hold(sent.promise);
    const answer = world.send(process, () => sent.promise.then((message) => this.#carryOut(world, message)));
    this.#calls.set(id, { world, arrive: sent.resolve, answer, heard: heard.promise });
    const hear = (): void => {
      heard.resolve();
      sent.reject(new Error(`call ${id} was heard of before it had arrived`));
    };
    return { id, hear };
  }

  async #receive(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = String(asked.headers[CALL_HEADER]);
    const call = this.#calls.get(id);
    if (call === undefined) throw new Error(`call ${id} was not begun`);
    this.#calls.delete(id);
    call.arrive({ headers: asked.headers, body: await bytesOf(asked) });
    const answer = await call.answer.catch((error: unknown) => failureOf(error, call.world));
    // AWS says the time with refusals too.
    response.setHeader('date', new Date(call.world.now).toUTCString());
    call.world.hold(call.heard);
    if (answer === 'reset') response.destroy();
    else response.writeHead(answer.status, onwards(answer.headers)).end(answer.body);
  }

  /** The engine shows the world's time with its answer, in whole seconds. */
  #carryOut(world: CapacityWorld, { headers, body }: Message): Promise<Answer> {
    const date = new Date(world.now).toUTCString();
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.#toEngine, headers: onwards(headers) };
      const sent = request(this.#engine.endpoint, options, (answer) => {
        const { statusCode: status = 0 } = answer;
        bytesOf(answer).then(
          (found) => resolve({ status, headers: { ...answer.headers, date }, body: found }),
          reject,
        );
      });
      sent.on('error', reject).end(body);
    });
  }
}

/** As an engine and its network tell it: half of what is not a throttle or silence is an answer of 500. */
function failureOf(error: unknown, world: CapacityWorld): Answer | 'reset' {
  if (!isHouseError(error)) throw error;
  if (error.code === 'throttled') return throttled;
  return error.code === 'upstream_unavailable' && world.happens(0.5) ? broken : 'reset';
}

function onwards(headers: Message['headers']): Message['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)));
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
