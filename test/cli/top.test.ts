import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainPaint } from '#cli/terminal/paint.ts';
import { drawTop } from '#cli/top/draw-top.ts';
import { readEvents } from '#cli/top/read-events.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { aLiveEvent } from '#test/builders/a-live-event.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { type GatewayWorld, openGatewayWorld } from '#test/builders/gateway-world.ts';
import { eventually } from '#test/builders/loopback-upstream.ts';

/** The whole way of live events over real sockets: listeners, server, gateway, stand-in. */
let world: GatewayWorld;
let served: ServedGateway;

beforeAll(async () => {
  world = await openGatewayWorld();
  const { gateway } = await world.openGateway('us-east-1', { servesMany: true, capacityLedger: 'memory' });
  served = await serveGateway({ handle: (request) => gateway.answer(request), port: 0 });
});

afterAll(async () => {
  await served?.close();
  await world?.close();
});

const authorization = 'Bearer sk-local';

function chat(): Promise<Response> {
  return fetch(`${served.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'x-spillway-residency': 'us' },
    body: JSON.stringify({
      model: 'chat-small',
      messages: [{ role: 'user', content: 'Tell me of rivers.' }],
    }),
  });
}

async function listen() {
  const leave = new AbortController();
  const response = await fetch(`${served.url}/spillway/v1/events`, {
    headers: { authorization },
    signal: leave.signal,
  });
  if (response.body === null) throw new Error(`no stream: ${response.status}`);
  return { events: readEvents(response.body), leave: () => leave.abort() };
}

it('tells many listeners of a request, waits for none that reads nothing, and lets those go who leave', async () => {
  const silent = connect({ port: served.port, host: '127.0.0.1' });
  silent.pause();
  silent.write(
    `GET /spillway/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\n\r\n`,
  );
  const listeners = await Promise.all(Array.from({ length: 20 }, listen));
  expect((await chat()).status).toBe(200);
  const heard = await Promise.all(
    listeners.map(async ({ events }) => {
      for await (const { event } of events) if (event.requests > 0) return event;
      throw new Error('the stream ended');
    }),
  );
  expect(new Set(heard.map(({ at }) => at)).size).toBe(1);
  expect(heard[0]).toMatchObject({
    requests: 1,
    outcomes: { answered: 1 },
    models: [{ model: 'chat-small' }],
  });
  for (const { leave } of listeners) leave();
  silent.destroy();
  await eventually(() => served.requestsUnderWay() === 0, 'all listeners have left');
});

it('shows a second of each gateway as a table, and as JSON for programs', async () => {
  await chat();
  const table = await runCommandLine(['top', '--once', '--url', served.url]);
  expect([table.exitCode, table.stderr]).toEqual([0, '']);
  expect(table.stdout).toMatch(/GATEWAY\s+REQ\/S\s+ERRORS/);
  expect(table.stdout).toMatch(/us-east-1\s+\d/);
  const json = await runCommandLine(['top', '--once', '--json', '--url', served.url]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    gateways: [{ url: served.url, last: { gateway: 'us-east-1', sees: 'tenant' } }],
  });
});

it('says who does not listen, and who may not', async () => {
  const refused = await runCommandLine(['top', '--once', '--key', 'sk-none', '--url', served.url]);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('invalid_api_key')]);
  const nobody = await runCommandLine(['top', '--url', 'http://127.0.0.1:1']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([1, expect.stringContaining('http://127.0.0.1:1')]);
});

it('ends when the server takes no more requests, which waits for no listener', async () => {
  const { events } = await listen();
  const first = events.next();
  await first;
  const began = performance.now();
  await served.close();
  expect(performance.now() - began).toBeLessThan(5_000);
  while (!(await events.next()).done);
});

it('shows every column at every width: in one table where there is room, in two where there is not', () => {
  const last = aLiveEvent({ costUsdPerHour: 1234.5 });
  const drawn = (width: number) => drawTop([{ url: served.url, last }], { width, paint: plainPaint, now: 0 });
  const headings = (width: number) =>
    drawn(width)
      .filter((line) => line.startsWith('GATEWAY'))
      .join(' ')
      .split(/\s+/);
  expect(
    Math.max(
      ...drawn(80)
        .slice(1)
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
  expect(drawn(80).join('\n')).toContain('1234.50');
  expect(
    headings(80)
      .filter((heading) => heading !== 'GATEWAY')
      .sort(),
  ).toEqual(
    headings(140)
      .filter((heading) => heading !== 'GATEWAY')
      .sort(),
  );
  expect(drawn(140).filter((line) => line.startsWith('GATEWAY'))).toHaveLength(1);
});
