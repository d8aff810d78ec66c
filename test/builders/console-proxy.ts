/** A gateway whose answers to some paths are others than its own: what no local AWS is large enough for. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** JSON, or what answers by itself. */
export type OwnAnswer = string | ((response: ServerResponse) => void);

export interface ConsoleProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** @param answers by path, without its query; everything else is asked of the gateway */
export async function openConsoleProxy(
  gatewayUrl: string,
  answers: ReadonlyMap<string, OwnAnswer>,
): Promise<ConsoleProxy> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', gatewayUrl);
    const own = answers.get(pathname);
    if (typeof own === 'function') {
      own(response);
      return;
    }
    if (own !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(own);
      return;
    }
    const authorization = request.headers.authorization;
    const asked = fetch(`${gatewayUrl}${pathname}${search}`, {
      method: request.method ?? 'GET',
      headers: authorization === undefined ? {} : { authorization },
    });
    asked.then(
      async (answer) => {
        const headers = Object.fromEntries(answer.headers);
        // Of the bytes on the gateway's wire, which `fetch` has taken apart.
        for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) delete headers[name];
        response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
      },
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
