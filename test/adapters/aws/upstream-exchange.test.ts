import { afterEach, describe, expect, it } from 'vitest';
import { exchange } from '#adapters/aws/upstream-exchange.ts';
import { UpstreamPools } from '#adapters/aws/upstream-pools.ts';
import {
  type Answer,
  eventually,
  type LoopbackUpstream,
  openLoopbackUpstream,
} from '#test/builders/loopback-upstream.ts';
import { signalOf } from '#test/builders/model-call.ts';

let upstream: LoopbackUpstream | undefined;
let pools: UpstreamPools | undefined;

afterEach(async () => {
  await pools?.close();
  await upstream?.close();
});

async function open(answer: Answer) {
  const opened = await openLoopbackUpstream(answer);
  const ownPools = new UpstreamPools();
  upstream = opened;
  pools = ownPools;
  const seen = { ends: 0 };
  const send = (signal = new AbortController().signal) => {
    const { dispatcher } = ownPools.take(opened.endpoint);
    return exchange({
      dispatcher,
      service: 'bedrock-runtime',
      origin: opened.endpoint,
      path: '/',
      headers: {},
      body: '{}',
      connectMsMax: 1_000,
      signal,
      onEnd: () => {
        seen.ends += 1;
      },
    });
  };
  return { upstream: opened, seen, send };
}

describe('one exchange', () => {
  it('gives the head, then the bytes, then the end, and reports its end once', async () => {
    const { seen, send } = await open((response) => {
      response.writeHead(418, { 'x-test': 'yes' });
      response.end('tea');
    });
    const { status, headers, body } = await send();
    expect([status, headers['x-test']]).toEqual([418, 'yes']);
    expect(String(await body.read())).toBe('tea');
    expect(await body.read()).toBeUndefined();
    expect(await body.read()).toBeUndefined();
    body.destroy();
    expect(seen.ends).toBe(1);
  });

  it('passes over interim answers', async () => {
    const { send } = await open((response) => {
      response.writeProcessing();
      response.end('late');
    });
    expect((await send()).status).toBe(200);
  });

  it('hands out what came before a reset, then the failure, again and again', async () => {
    const { send } = await open((response) => {
      response.writeHead(200);
      response.write('half', () => response.socket?.resetAndDestroy());
    });
    const { body } = await send();
    expect(String(await body.read())).toBe('half');
    expect(await signalOf(body.read())).toMatchObject({ kind: 'reset', phase: 'in-stream' });
    expect(await signalOf(body.read())).toMatchObject({ kind: 'reset', phase: 'in-stream' });
  });

  it('stops taking bytes while nobody reads them', async () => {
    let written = 0;
    let closed = false;
    const { send } = await open((response) => {
      response.on('close', () => {
        closed = true;
      });
      const fill = () => {
        while (!closed && written < 256 && response.write(Buffer.alloc(1024 * 1024))) written += 1;
        written += 1;
        if (!closed && written < 256) response.once('drain', fill);
      };
      fill();
    });
    const { body } = await send();
    await body.read();
    let before = -1;
    await eventually(() => {
      const settled = before === written;
      before = written;
      return settled;
    }, 'the sender stands still');
    expect(written).toBeLessThan(100);
    body.destroy();
    await eventually(() => closed, 'the socket closes');
  });

  it('reads on after a pause to the last byte', async () => {
    const { send } = await open((response) => {
      response.end(Buffer.alloc(8 * 1024 * 1024));
    });
    const { body } = await send();
    let bytes = 0;
    for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
      bytes += chunk.byteLength;
      if (bytes < 1024 * 1024) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(bytes).toBe(8 * 1024 * 1024);
  });

  it('rejects a read that waits when the signal aborts, with its reason', async () => {
    const { seen, upstream, send } = await open((response) => {
      response.writeHead(200);
      response.flushHeaders();
    });
    const controller = new AbortController();
    const { body } = await send(controller.signal);
    const reading = body.read();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(seen.ends).toBe(1);
    await eventually(() => upstream.openSockets() === 0, 'the socket closes');
  });
});
