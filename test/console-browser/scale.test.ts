import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectBrowser, openConsole, untilRead } from '#test/builders/console-page.ts';
import { type ConsoleProxy, openConsoleProxy } from '#test/builders/console-proxy.ts';
import { largeAvailability, largeSizes } from '#test/builders/large-availability.ts';

let browser: Browser;
let proxy: ConsoleProxy;
beforeAll(async () => {
  browser = await connectBrowser();
  const board = JSON.stringify(largeAvailability(new Date().toISOString()));
  proxy = await openConsoleProxy(inject('gatewayUrl'), new Map([['/spillway/v1/availability', board]]));
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
});

/** How long frames take is measured by bench/console.ts, on a machine with nothing else to do; this holds on any. */
it('draws only what is in sight of 30 accounts × 21 regions × 140 models, wherever it is scrolled to', async () => {
  const view = { width: 1920, theme: 'light', credential: 'sk-local' } as const;
  const { page, complaints, close } = await openConsole(browser, `${proxy.url}/console`, view);
  await untilRead(page);
  const grid = page.getByRole('grid');
  await grid.waitFor();
  const lines = Number(await grid.getAttribute('aria-rowcount'));
  expect(lines).toBeGreaterThan(largeSizes.models);
  expect(Number(await grid.getAttribute('aria-colcount'))).toBe(largeSizes.regions + 1);
  const elements = () => page.evaluate<number>('document.getElementsByTagName("*").length');
  const atTop = await elements();
  expect(atTop).toBeLessThan(3_000);
  const first = await grid.getByRole('rowheader').first().textContent();
  await page.evaluate("document.querySelector('[role=grid]').scrollTo(0, 1e9)");
  await expect.poll(() => grid.getByRole('rowheader').first().textContent()).not.toBe(first);
  expect(Math.abs((await elements()) - atTop)).toBeLessThan(atTop / 2);
  expect(complaints).toEqual([]);
  await close();
});
