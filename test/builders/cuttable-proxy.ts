/** A way to the stand-in whose connections can die, as those of a process that was frozen do. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttableProxy {
  readonly url: string;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections that were ever made. */
  readonly made: number;
  /** Times that something came by a connection after it had died in silence. */
  readonly sentToDead: number;
  /** Lets those that are open die: `silent` takes what they bring and says nothing, `reset` breaks them. */
  cut(how: 'silent' | 'reset'): void;
  close(): Promise<void>;
}

export async function openCuttableProxy(targetUrl: string): Promise<CuttableProxy> {
  const port = Number(new URL(targetUrl).port);
  const pairs = new Map<Socket, Socket>();
  let made = 0;
  let sentToDead = 0;
  const server = createServer((near) => {
    made += 1;
    const far = connect(port, '127.0.0.1');
    pairs.set(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        pairs.delete(near);
        near.destroy();
        far.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (how: 'silent' | 'reset') => {
    for (const [near, far] of pairs) {
      pairs.delete(near);
      if (how === 'reset') {
        near.resetAndDestroy();
        continue;
      }
      near.unpipe(far);
      far.unpipe(near);
      far.removeAllListeners('close');
      far.destroy();
      near.on('data', () => {
        sentToDead += 1;
      });
      near.resume();
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    get made() {
      return made;
    },
    get sentToDead() {
      return sentToDead;
    },
    cut,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const near of pairs.keys()) near.destroy();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
    },
  };
}
