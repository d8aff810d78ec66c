import { once } from 'node:events';
import { createServer } from 'node:http';

export interface GatewayCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface LoopbackGateway extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly GatewayCall[];
}

/** A hand-made gateway on a free loopback port: it answers what the test says and keeps what it was asked. */
export async function startLoopbackGateway(
  answer: (call: GatewayCall) => { readonly status?: number; readonly body: unknown },
): Promise<LoopbackGateway> {
  const calls: GatewayCall[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const { status = 200, body } = answer(call);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
