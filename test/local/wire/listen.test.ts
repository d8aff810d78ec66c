import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMonitoringService } from '#local/services/monitoring/monitoring.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import {
  callControl,
  clientOptions,
  fakeBedrockRuntime,
  readJournal,
  startTestServer,
} from '#test/builders/local-test-server.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startTestServer({ services: [fakeBedrockRuntime(), createMonitoringService()] });
});
afterAll(() => server.close());

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** How a raw connection ends: with an error code, or with what was received. */
function ending(socket: Socket, send: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    socket.removeAllListeners('error');
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? 'error'));
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.on('close', () => resolve(received));
    socket.write(send);
  });
}

/** One request over HTTP/2 with prior knowledge. */
function get(
  session: ReturnType<typeof connectHttp2>,
  path: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path, ':method': 'GET' });
    let status = 0;
    let body = '';
    stream.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    stream.on('data', (data) => {
      body += data;
    });
    stream.on('end', () => resolve({ status, body }));
    stream.on('error', reject);
    stream.end();
  });
}

describe('one port', () => {
  it('serves HTTP/1.1 and HTTP/2 at the same time, many streams on one connection', async () => {
    const session = connectHttp2(server.url);
    const answers = await Promise.all([
      ...Array.from({ length: 50 }, () => get(session, '/_local/health')),
      callControl(server, 'GET', 'health'),
    ]);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    session.close();
  });

  it('takes a connection whose first bytes come one by one', async () => {
    const socket = await open();
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    for (const byte of 'GET /_local/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toMatch(/^HTTP\/1.1 200/);
    socket.destroy();
  });

  it('outlives connections that say nothing, garbage, or half of something', async () => {
    (await open()).destroy();
    expect(await ending(await open(), 'garbage\r\n\r\n')).toMatch(/^(HTTP\/1.1 400|ECONNRESET|$)/);
    expect(await ending(await open(), `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'x'.repeat(200)}`)).toBeTypeOf(
      'string',
    );
    const half = await open();
    half.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc');
    half.destroy();
    expect((await callControl(server, 'GET', 'health')).status).toBe(200);
  });

  it('is bound to 127.0.0.1 only', async () => {
    const refused = await new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.2', () => resolve('connected'));
      socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code));
    });
    expect(refused).not.toBe('connected');
  });

  it('resets the TCP connection of a refused call, and answers not one byte', async () => {
    await callControl(server, 'PUT', 'faults', [{ kind: 'refuse' }]);
    const request = 'GET /foundation-models HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
    expect(await ending(await open(), request)).toBe('ECONNRESET');
    const session = connectHttp2(server.url);
    session.on('error', () => undefined);
    // Node's own client ends the stream without an error, and without an answer.
    expect(await get(session, '/foundation-models')).toEqual({ status: 0, body: '' });
    await callControl(server, 'DELETE', 'faults');
  });

  it('closes with calls still hanging, and frees the port', async () => {
    const other = await startTestServer({ faults: [{ kind: 'hang' }] });
    const hanging = fetch(`${other.url}/foundation-models`).catch((error) => error);
    await expect.poll(async () => (await readJournal(other)).length).toBe(1);
    await other.close();
    expect(await hanging).toBeInstanceOf(Error);
    const again = await startTestServer({ port: other.port });
    expect(again.port).toBe(other.port);
    await expect(startTestServer({ port: other.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await again.close();
  });
});

it('unpacks what SDK clients compress', async () => {
  const client = new CloudWatchClient(clientOptions(server));
  const MetricData = Array.from({ length: 300 }, (_, index) => ({
    MetricName: `metric-${index}`,
    Value: index,
    Dimensions: [{ Name: 'dimension-with-a-name', Value: 'and-a-value-that-repeats' }],
  }));
  let encoding: string | undefined;
  client.middlewareStack.add(
    (next) => (args) => {
      encoding = (args.request as { headers: Record<string, string> }).headers['content-encoding'];
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
  expect(encoding).toBe('gzip');
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Test' }));
  expect(Metrics).toHaveLength(300);
  client.destroy();
});
