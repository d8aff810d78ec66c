/** What a browser keeps of live events that come all night. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aLiveEvent, aSlowRequest } from '#test/builders/a-live-event.ts';
import { connectBrowser, openConsole } from '#test/builders/console-page.ts';
import { type ConsoleProxy, openConsoleProxy } from '#test/builders/console-proxy.ts';

/** Twelve hours of one a second. */
const EVENTS = 43_200;
/** All rings are full, models have come and gone, and every part of the page has been drawn. */
const WARM_UP_EVENTS = 4_800;
/** 27 bytes an event: an object or an id kept of each is found. Readings of one page differ by 0.1 to 0.4 MB. */
const GROWTH_BYTES_MAX = 1024 ** 2;
const EVENTS_AT_ONCE = 200;

let browser: Browser;
let proxy: ConsoleProxy;
const listener = Promise.withResolvers<ServerResponse>();
beforeAll(async () => {
  browser = await connectBrowser();
  const listen = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    listener.resolve(response);
  };
  proxy = await openConsoleProxy(inject('gatewayUrl'), new Map([['/spillway/v1/events', listen]]));
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
});

/** No two alike: ids, models and targets come and go. */
function frameOf(second: number): string {
  const event = aLiveEvent({
    at: new Date(Date.UTC(2026, 10, 22) + second * 1000).toISOString(),
    requests: second,
    models: ['chat', `model-${Math.floor(second / 60)}`].map((model) => ({
      ...{ model, requests: second },
      firstContentMs: { p50: 80, p95: 200 + (second % 50) },
      totalMs: { p50: 300, p95: 900 + (second % 70) },
    })),
    targets: [{ target: `target-${second % 97}`, slots: 1 + (second % 9) }],
    slow: [aSlowRequest({ requestId: `request-${second}`, totalMs: 1000 + second })],
  });
  return `id: run-${second + 1}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function send(to: ServerResponse, first: number, end: number): Promise<void> {
  for (let at = first; at < end; at += EVENTS_AT_ONCE) {
    const count = Math.min(EVENTS_AT_ONCE, end - at);
    const frames = Array.from({ length: count }, (_, index) => frameOf(at + index)).join('');
    if (!to.write(frames)) await once(to, 'drain');
  }
}

interface Kept {
  readonly bytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Reachable after all that is not has been collected. */
async function kept(session: CDPSession): Promise<Kept> {
  // What finalizers free, only the next one finds.
  for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { bytes: usedSize, nodes, listeners: jsEventListeners };
}

it('shows the events of twelve hours within a minute, and keeps no more than of the first hour', async () => {
  const view = { width: 1024, theme: 'light', credential: 'sk-local' } as const;
  const { page, complaints, close } = await openConsole(browser, `${proxy.url}/console#/live`, view);
  const session = await page.context().newCDPSession(page);
  const response = await listener.promise;
  const shown = async (last: number): Promise<Kept> => {
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'chat', exact: true }) });
    await row.getByText(String(last), { exact: true }).waitFor({ timeout: 50_000 });
    return kept(session);
  };
  await send(response, 0, WARM_UP_EVENTS);
  const before = await shown(WARM_UP_EVENTS - 1);
  await send(response, WARM_UP_EVENTS, EVENTS);
  const after = await shown(EVENTS - 1);
  expect(after.bytes - before.bytes).toBeLessThan(GROWTH_BYTES_MAX);
  // What a drawing replaced may still be held by the next one.
  expect(after.nodes - before.nodes).toBeLessThan(500);
  expect(after.nodes).toBeLessThan(3_000);
  expect(after.listeners - before.listeners).toBeLessThan(20);
  expect(complaints).toEqual([]);
  await close();
});
