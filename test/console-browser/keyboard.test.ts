/** What a newcomer does, without a mouse and without documentation. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectBrowser, openConsole, untilRead } from '#test/builders/console-page.ts';
import { chooseByArrows, isFocused, tabTo } from '#test/builders/page-keyboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

it('finds by keyboard why Claude cannot be called in a region, and who can repair it', async () => {
  const view = { width: 1024, theme: 'light' } as const;
  const { page, complaints, close } = await openConsole(browser, `${inject('gatewayUrl')}/console`, view);
  await tabTo(page, page.getByRole('button', { name: /Use the demo key/ }));
  await page.keyboard.press('Enter');
  await untilRead(page);
  await tabTo(page, page.getByRole('searchbox', { name: 'Search' }));
  await page.keyboard.type('anthropic.*');
  await tabTo(page, page.getByRole('button', { name: /^Show one\b.*the model agreement is not accepted/ }));
  await page.keyboard.press('Enter');
  const title = page.getByRole('heading', {
    level: 2,
    name: /^anthropic\.claude-sonnet-4-5.* in ap-southeast-2/,
  });
  await title.waitFor();
  expect(await isFocused(title)).toBe(true);
  const why = page.getByRole('region').filter({ has: title });
  await why.getByText('✗ the model agreement is not accepted').waitFor();
  await why.getByText('The owner of the account can repair it.').waitFor();
  await page.keyboard.press('Escape');
  await title.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await close();
});

it('moves through the board by arrow keys', async () => {
  const view = { width: 1024, theme: 'light', credential: 'sk-local' } as const;
  const { page, close } = await openConsole(browser, `${inject('gatewayUrl')}/console`, view);
  await tabTo(page, page.getByRole('grid'));
  const active = (): Promise<string> =>
    page.evaluate<string>(
      "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.getAttribute('aria-label') ?? ''",
    );
  const seen = new Set([await active()]);
  for (const key of ['ArrowDown', 'ArrowRight', 'Control+End', 'Home']) {
    await page.keyboard.press(key);
    await expect.poll(async () => !seen.has(await active()) && (await active()) !== '').toBe(true);
    seen.add(await active());
  }
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Close' }).waitFor();
  await close();
});

it('breaks and mends by keyboard', async () => {
  const view = { width: 1024, theme: 'dark', credential: 'sk-local' } as const;
  const { page, complaints, close } = await openConsole(browser, `${inject('gatewayUrl')}/console`, view);
  await tabTo(page, page.getByRole('link', { name: 'Break it' }));
  await page.keyboard.press('Enter');
  await untilRead(page);
  const region = page.getByRole('combobox', { name: 'Region' });
  await tabTo(page, region);
  await chooseByArrows(page, region, 'ap-northeast-3');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const mend = page.getByRole('button', { name: 'Mend: ap-northeast-3 is dark' });
  await tabTo(page, mend);
  await page.keyboard.press('Space');
  await page.getByText('✓ Nothing is broken.').waitFor();
  expect(complaints).toEqual([]);
  await close();
});
