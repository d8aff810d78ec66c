/** What somebody on call does with a route: asks where a call would go and why, and orders nothing with a key of an application. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { accessibilityOffences, connectBrowser, openConsole } from '#test/builders/console-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

const view = { width: 1024, theme: 'dark', credential: 'sk-local' } as const;
const asked = (query: string): string => `${inject('gatewayUrl')}/console#/routes?${query}`;

it('says why a call is rejected, what would help, and where it would go from there', async () => {
  const { page, complaints, close } = await openConsole(
    browser,
    asked('model=chat-large&residency=eu&from=us-east-1'),
    view,
  );
  await page.getByRole('heading', { name: /Rejected: chat-large in eu, asked from us-east-1/ }).waitFor();
  const instead = page.getByRole('button', { name: 'Ask from eu-central-1' });
  await instead.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Routed: chat-large in eu, asked from eu-central-1/ }).waitFor();
  expect(page.url()).toContain('from=eu-central-1');
  expect(await page.getByRole('heading', { name: 'Plan, best first' }).count()).toBe(1);
  // Whatever a busy machine does late: nothing of the page was stopped by its policy.
  expect(complaints.filter((complaint) => complaint.includes('policy'))).toEqual([]);
  await close();
});

it('orders nothing with an application’s key or a sign-in that is not taken, and keeps neither', async () => {
  const { page, close } = await openConsole(browser, asked('model=chat-large&residency=us'), view);
  const pin = page.getByRole('button', { name: 'Pin it…' });
  await pin.waitFor();
  await pin.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /Pin version \d+ of chat-large in us/ });
  await dialog.waitFor();
  expect(await accessibilityOffences(page)).toEqual([]);
  const token = dialog.getByLabel('Your operator’s token');
  await token.fill('sk-local');
  await dialog.getByLabel('Reason').fill('a release tonight');
  await dialog.getByLabel('Type chat-large to confirm').fill('chat-large');
  await page.keyboard.press('Enter');
  await dialog.getByText(/An API key orders nothing/).waitFor();
  await token.fill('made.up.token');
  await page.keyboard.press('Enter');
  await dialog.getByText(/did not take this sign-in.*Nothing was done\./).waitFor();
  expect(await token.inputValue()).toBe('');
  expect(await accessibilityOffences(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain('made.up');
  await close();
});

it('shows a name that is none as it was typed, and asks on', async () => {
  const { page, close } = await openConsole(
    browser,
    asked('model=%3Cimg%20src%3Dx%3E&residency=us&from=us-east-1'),
    view,
  );
  await page.getByText('There is no model "<img src=x>"').waitFor();
  await page.getByLabel('Model').fill('chat-small');
  await page.getByRole('heading', { name: /Routed: chat-small in us/ }).waitFor();
  await close();
});
