/** A server whose gateway counts, and callers that write what they like. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ServedGateway, type ServeOptions, serveGateway } from '#server/node-server.ts';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';

export interface CountingServer extends ServedGateway {
  /** Requests that reached the gateway. */
  readonly calls: readonly GatewayRequest[];
  /** Calls whose caller has gone. */
  left(): number;
  /** Calls under way, now and at the most. */
  underWay(): { readonly now: number; readonly most: number };
  readonly defects: readonly unknown[];
}

const plain = async (): Promise<GatewayAnswer> => ({ status: 200, headers: new Map(), body: 'ok' });

/** @param answer what the gateway answers to each. @default a short text */
export async function openCountingServer(
  limits: NonNullable<ServeOptions['limits']>,
  answer: (request: GatewayRequest) => Promise<GatewayAnswer> = plain,
): Promise<CountingServer> {
  const calls: GatewayRequest[] = [];
  const defects: unknown[] = [];
  let [now, most] = [0, 0];
  const served = await serveGateway({
    port: 0,
    limits: { drainMsMax: 50, ...limits },
    onDefect: (error) => defects.push(error),
    handle: async (request) => {
      calls.push(request);
      now += 1;
      most = Math.max(most, now);
      return answer(request).finally(() => {
        now -= 1;
      });
    },
  });
  return {
    ...served,
    calls,
    defects,
    left: () => calls.filter(({ signal }) => signal.aborted).length,
    underWay: () => ({ now, most }),
  };
}

/** A caller that has sent the bytes; what comes back is kept until somebody asks. */
export function openCaller(port: number, bytes: string | Buffer): { socket: Socket; received(): Buffer } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const parts: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (part) => parts.push(part));
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return { socket, received: () => Buffer.concat(parts) };
}

/** All that comes back until the server ends the connection. */
export async function receivedUntilEnd(port: number, bytes: string | Buffer): Promise<Buffer> {
  const { socket, received } = openCaller(port, bytes);
  await Promise.race([once(socket, 'end'), once(socket, 'close')]);
  socket.destroy();
  return received();
}
