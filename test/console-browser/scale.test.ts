import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type ConsolePage, connectBrowser, openConsole, untilRead } from '#test/builders/console-page.ts';
import { type ConsoleProxy, openConsoleProxy } from '#test/builders/console-proxy.ts';
import { largeAvailability, largeSizes } from '#test/builders/large-availability.ts';

let browser: Browser;
let proxy: ConsoleProxy;
/** One for both: tens of thousands of targets take a browser seconds to read. */
let opened: ConsolePage;
beforeAll(async () => {
  browser = await connectBrowser();
  const board = JSON.stringify(largeAvailability(new Date().toISOString()));
  proxy = await openConsoleProxy(inject('gatewayUrl'), new Map([['/spillway/v1/availability', board]]));
  const view = { width: 1920, theme: 'light', credential: 'sk-local' } as const;
  opened = await openConsole(browser, `${proxy.url}/console`, view);
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
});

/** How long frames take is measured by bench/console.ts, on a machine with nothing else to do; this holds on any. */
it('draws only what is in sight of 30 accounts × 21 regions × 140 models, wherever it is scrolled to', async () => {
  const { page, complaints } = opened;
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
});

interface Redrawn {
  readonly lines: number;
  readonly created: number;
  readonly renumbered: number;
  readonly moved: number;
}

/** Scrolls line by line, and a part of one, and counts what of the grid is touched on the way. */
const scrollAndCount = `new Promise((resolve) => {
  const grid = document.querySelector('[role=grid]');
  const body = grid.querySelector('.grid-body');
  const known = new WeakSet(body.querySelectorAll('*'));
  const counted = { lines: 0, created: 0, renumbered: 0, moved: 0 };
  new MutationObserver((changes) => {
    for (const { type, addedNodes, target } of changes) {
      if (type === 'attributes' && known.has(target)) counted.renumbered += 1;
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        if (known.has(node)) counted.moved += 1;
        for (const element of [node, ...node.querySelectorAll('*')]) {
          if (known.has(element)) continue;
          known.add(element);
          counted.created += 1;
        }
      }
    }
  }).observe(body, { subtree: true, childList: true, attributeFilter: ['aria-rowindex'] });
  const stepPx = 117;
  let steps = 0;
  const next = () => {
    if (steps === 40) {
      counted.lines = Math.round((steps * stepPx) / 28);
      return resolve(counted);
    }
    steps += 1;
    grid.scrollTop += stepPx;
    requestAnimationFrame(() => requestAnimationFrame(next));
  };
  next();
})`;

it('touches the lines that come into sight while it scrolls, and no other, and makes hardly an element', async () => {
  const { page } = opened;
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('account');
  const { lines, created, renumbered, moved } = await page.evaluate<Redrawn>(scrollAndCount);
  // A busy machine draws fewer of them. Each that comes takes the elements of one that has gone.
  expect(renumbered).toBeGreaterThan(lines / 10);
  expect(renumbered).toBeLessThanOrEqual(lines + 1);
  expect(moved).toBeLessThanOrEqual(lines + 1);
  expect(created / renumbered).toBeLessThan(2);
});
