/** What a proxy costs that does nothing: bytes in, bytes out, over Node's own http. */
import { Agent, createServer, request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

const upstream = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });

const server = createServer({ noDelay: true }, (incoming, outgoing) => {
  const { method, url, headers } = incoming;
  const call = openRequest(
    {
      agent,
      host: upstream.hostname,
      port: upstream.port,
      method,
      path: url,
      headers: { ...headers, host: upstream.host },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    },
  );
  call.on('error', () => outgoing.destroy());
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) call.destroy();
  });
  incoming.pipe(call);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit(0));
