import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, type UpstreamAnswer } from '#adapters/aws/upstream-exchange.ts';
import { UpstreamPools } from '#adapters/aws/upstream-pools.ts';
import { eventually, type LoopbackUpstream, openLoopbackUpstream } from '#test/builders/loopback-upstream.ts';
import { signalOf } from '#test/builders/model-call.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function openPools() {
  const clock = { wallMs: 0, monotonicMs: 0 };
  const pools = new UpstreamPools(() => ({ ...clock }));
  closers.push(() => pools.close());
  return { clock, pools };
}

async function openUpstream(): Promise<LoopbackUpstream> {
  const upstream = await openLoopbackUpstream((response) => {
    response.end('ok');
  });
  closers.push(() => upstream.close());
  return upstream;
}

function send(
  pools: UpstreamPools,
  origin: string,
  options: { connectMsMax?: number; signal?: AbortSignal } = {},
): Promise<UpstreamAnswer> {
  const { dispatcher, release } = pools.take(origin);
  return exchange({
    dispatcher,
    service: 'bedrock-runtime',
    origin,
    path: '/',
    headers: {},
    body: '{}',
    connectMsMax: 1_000,
    signal: new AbortController().signal,
    onEnd: release,
    ...options,
  });
}

async function sendAndRead(pools: UpstreamPools, origin: string): Promise<void> {
  const { body } = await send(pools, origin);
  while ((await body.read()) !== undefined);
}

describe('upstream connections', () => {
  it.each(['wallMs', 'monotonicMs'] as const)(
    'are not used again when %s says that they were idle for a minute',
    async (kind) => {
      const { clock, pools } = openPools();
      const upstream = await openUpstream();
      await sendAndRead(pools, upstream.endpoint);
      clock[kind] += 60_000;
      await sendAndRead(pools, upstream.endpoint);
      expect(upstream.acceptedSockets()).toBe(2);
      await eventually(() => upstream.openSockets() === 1, 'the old socket closes');
    },
  );

  it('outlive a long call: a pool in use is not replaced', async () => {
    const { clock, pools } = openPools();
    const release = Promise.withResolvers<void>();
    const upstream = await openLoopbackUpstream(async (response, call) => {
      if (call.path === '/') await release.promise;
      response.end('late');
    });
    closers.push(() => upstream.close());
    const long = send(pools, upstream.endpoint);
    await eventually(() => upstream.calls.length === 1, 'the call arrives');
    clock.monotonicMs += 120_000;
    const other = send(pools, upstream.endpoint);
    await eventually(() => upstream.calls.length === 2, 'the other call arrives');
    release.resolve();
    expect((await long).status).toBe(200);
    expect((await other).status).toBe(200);
  });

  it('are given up on after connectMsMax, when a handshake never ends', async () => {
    const { pools } = openPools();
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await signalOf(send(pools, origin, { connectMsMax: 30 }))).toMatchObject({
      kind: 'timeout',
      deadline: 'connect',
      phase: 'before',
    });
  });

  it('never carry a request whose caller left while it waited for a connection', async () => {
    const { pools } = openPools();
    const upstream = await openUpstream();
    const controller = new AbortController();
    const sending = send(pools, upstream.endpoint, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(sending).rejects.toThrow('gone');
    await sendAndRead(pools, upstream.endpoint);
    expect(upstream.calls).toHaveLength(1);
  });

  it('fail the calls in flight when they are closed', async () => {
    const { pools } = openPools();
    const upstream = await openLoopbackUpstream(() => undefined);
    closers.push(() => upstream.close());
    const sending = send(pools, upstream.endpoint);
    const outcome = signalOf(sending);
    await eventually(() => upstream.calls.length === 1, 'the call arrives');
    await pools.close();
    expect((await outcome).kind).toBe('reset');
  });
});
