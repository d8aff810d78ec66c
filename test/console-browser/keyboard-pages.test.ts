/** The pages Map, Routes and Live without a mouse: what somebody new or on call does there. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connectBrowser, openConsole, untilRead } from '#test/builders/console-page.ts';
import { chooseByArrows, tabTo } from '#test/builders/page-keyboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

const view = { width: 1024, theme: 'light' } as const;
const consoleUrl = (): string => `${inject('gatewayUrl')}/console`;
const open = (page: string) =>
  openConsole(browser, `${consoleUrl()}#/${page}`, { ...view, credential: 'sk-local' });

async function callUnderUs(): Promise<void> {
  const answer = await fetch(`${inject('gatewayUrl')}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-local', 'x-spillway-residency': 'us' },
    body: JSON.stringify({ model: 'chat-large', max_tokens: 8, messages: [{ role: 'user', content: 'hi' }] }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
}

it('tells a newcomer in three steps what happens to EU traffic when Frankfurt goes dark', async () => {
  const { page, complaints, close } = await openConsole(browser, consoleUrl(), view);
  await tabTo(page, page.getByRole('button', { name: /Use the demo key/ }));
  await page.keyboard.press('Enter');
  await untilRead(page);
  await tabTo(page, page.getByRole('link', { name: 'Map' }));
  await page.keyboard.press('Enter');
  await untilRead(page);
  const dark = page.getByRole('combobox', { name: 'What if a region goes dark?' });
  await tabTo(page, dark);
  await chooseByArrows(page, dark, 'eu-central-1');
  const answer = page.getByRole('status', { name: 'What happens to the traffic' });
  await answer
    .getByText(/^With eu-central-1 \(Frankfurt\) dark, calls of chat-large under eu go to eu-/)
    .waitFor();
  await answer.getByText(/Nothing leaves the residency\./).waitFor();
  const tile = page.getByRole('button', { name: /eu-central-1.*Frankfurt, Germany/ });
  await tabTo(page, tile);
  expect(await tile.getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('Space');
  await answer.getByText(/^Calls of chat-large under eu go to eu-/).waitFor();
  await page.getByText(/Calls under eu do not enter at this gateway/).waitFor();
  await tabTo(page, page.getByRole('link', { name: 'eu-central-1' }));
  expect(complaints).toEqual([]);
  await close();
});

it('asks on Routes from where a call is answered', async () => {
  const { page, close } = await open('routes?model=chat-large&residency=us');
  await page.getByRole('heading', { name: /Routed: chat-large in us/ }).waitFor();
  await tabTo(page, page.getByRole('combobox', { name: 'Residency' }));
  await page.keyboard.type('eu');
  await page.getByRole('heading', { name: /Rejected: chat-large in eu, asked from us-east-1/ }).waitFor();
  await tabTo(page, page.getByRole('button', { name: 'Ask from eu-central-1' }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Routed: chat-large in eu, asked from eu-central-1/ }).waitFor();
  await close();
});

it('opens a slow request on Live, and finds on Map where the calls went', async () => {
  const { page, complaints, close } = await open('live');
  await untilRead(page);
  await callUnderUs();
  await tabTo(
    page,
    page
      .getByRole('list', { name: /^Slow requests/ })
      .getByRole('button')
      .first(),
  );
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Where the time went' }).waitFor();
  await tabTo(page, page.getByRole('region', { name: 'Models, table' }));
  await page.goto(`${consoleUrl()}#/map`);
  await tabTo(page, page.getByRole('combobox', { name: 'Residency' }));
  await page.keyboard.type('us');
  await callUnderUs();
  await page.getByText(/^In the last minute calls went to us-.* ✓ None went outside us\./).waitFor();
  await page
    .getByRole('button', { name: /us-.*went here/ })
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await close();
});
