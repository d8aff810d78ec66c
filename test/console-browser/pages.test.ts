/** What holds for every page that the navigation offers, whoever made it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  accessibilityOffences,
  connectBrowser,
  openConsole,
  overflowPx,
  showAs,
  themes,
  untilRead,
  widths,
} from '#test/builders/console-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

const consoleUrl = (): string => `${inject('gatewayUrl')}/console`;

/** Offences of what is shown, in every width and in both colours, each with where it was seen. */
async function offencesInEveryView(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const theme of themes) {
    for (const width of widths) {
      await showAs(page, { width, theme });
      const sticksOut = await overflowPx(page);
      if (sticksOut > 0) found.push(`${name}, ${width} px: ${sticksOut} px stick out to the side`);
      for (const offence of await accessibilityOffences(page))
        found.push(`${name}, ${theme}, ${width} px: ${offence}`);
    }
  }
  return found;
}

it('the sign-in is sound in every width and in both colours', async () => {
  const { page, complaints, close } = await openConsole(browser, consoleUrl(), {
    width: 360,
    theme: 'light',
  });
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await offencesInEveryView(page, 'Sign in')).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it('a wrong key is refused in words, and a right one opens the page that was asked for', async () => {
  const view = { width: 1024, theme: 'dark' } as const;
  const { page, close } = await openConsole(browser, `${consoleUrl()}#/break-it`, view);
  await page.getByLabel('API key or token').fill('sk-wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await accessibilityOffences(page)).toEqual([]);
  await page.getByLabel('API key or token').fill('sk-local');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Break it' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  await close();
});

it('every page of the navigation is sound in every width and in both colours, and no policy had to stop it', async () => {
  const view = { width: 1024, theme: 'light', credential: 'sk-local' } as const;
  const { page, complaints, close } = await openConsole(browser, consoleUrl(), view);
  await page.getByRole('link', { name: 'Break it' }).waitFor();
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  const titles = await links.allTextContents();
  expect(titles).toContain('Availability');
  const found: string[] = [];
  for (const title of titles) {
    await page.getByRole('link', { name: title, exact: true }).click();
    await untilRead(page);
    expect(await page.title()).toBe(`${title} – Spillway`);
    found.push(...(await offencesInEveryView(page, title)));
  }
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
