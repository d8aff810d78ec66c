import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  accessibilityOffences,
  connectBrowser,
  openConsole,
  overflowPx,
  themes,
  widths,
} from '#test/builders/console-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

const consoleUrl = (): string => `${inject('gatewayUrl')}/console`;

describe.each(themes)('in %s colours', (theme) => {
  it.each(widths)('the sign-in is sound at %d px', async (width) => {
    const { page, complaints, close } = await openConsole(browser, consoleUrl(), { width, theme });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await accessibilityOffences(page)).toEqual([]);
    expect(await overflowPx(page)).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });
});
