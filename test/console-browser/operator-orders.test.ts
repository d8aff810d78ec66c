/** What somebody on call orders of a route, carried out for real: pinned, rolled back and let go again, in their own name. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  accessibilityOffences,
  connectBrowser,
  openConsole,
  untilRead,
} from '#test/builders/console-page.ts';
import { tabTo } from '#test/builders/page-keyboard.ts';

const model = 'chat-large';
const residency = 'japan';
const reason = 'Osaka is being moved';
const view = { width: 1024, theme: 'light', credential: 'sk-local' } as const;
let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());

async function readHistory(): Promise<{
  versions: { version: number }[];
  holds: { by: string; reason: string }[];
}> {
  const path = `/spillway/v1/routes/${model}/history?residency=${residency}`;
  const headers = { authorization: 'Bearer sk-local' };
  return (await (await fetch(inject('gatewayUrl') + path, { headers })).json()) as never;
}
const standing = async (): Promise<number> => (await readHistory()).versions[0]?.version ?? 0;

/** Until discovery has seen all regions, after which plan has nothing to add. */
async function untilSettled(): Promise<void> {
  const headers = { authorization: 'Bearer sk-local' };
  const read = async (): Promise<unknown> => {
    const answer = await fetch(`${inject('gatewayUrl')}/spillway/v1/availability?model=${model}`, {
      headers,
    });
    return ((await answer.json()) as { readonly stale: unknown }).stale;
  };
  await expect.poll(read, { timeout: 30_000 }).toBe(false);
}

/** Publishes the version that stands once more, so that there is one to go back to. */
async function publishAnother(): Promise<void> {
  await untilSettled();
  expect((await orderMeanwhile('rollback', { version: await standing() })).status).toBe(200);
  expect((await orderMeanwhile('lift', {})).status).toBe(200);
}

/** As another operator does, from a terminal. */
async function orderMeanwhile(name: string, more: object): Promise<Response> {
  const asked = await fetch(`${inject('gatewayUrl')}/_local/operator-token`, { method: 'POST' });
  const { token } = (await asked.json()) as { token: string };
  return fetch(`${inject('gatewayUrl')}/spillway/v1/operations/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ model, residency, reason: 'somebody else', ...more }),
  });
}

const openRoute = () =>
  openConsole(browser, `${inject('gatewayUrl')}/console#/routes?model=${model}&residency=${residency}`, view);

async function order(dialog: Locator, verb: string): Promise<string> {
  await dialog.getByRole('button', { name: 'Sign in as local operator' }).click();
  await dialog.getByText('✓ Signed in').waitFor();
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByLabel(`Type ${model} to confirm`).fill(model);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  return doneBy(dialog);
}

/** The id under which the audit has what was done. */
async function doneBy(dialog: Locator): Promise<string> {
  await dialog.getByText('✓ Done.').waitFor();
  await dialog.getByText(/local-operator/).waitFor();
  const id = await dialog.locator('.audit-id').textContent();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  return id ?? '';
}

const heldByOperator = (page: Page): Locator =>
  page.getByRole('listitem').filter({ hasText: new RegExp(`Held until .* local-operator in .*${reason}`) });

it('pins by keyboard alone, goes back to an older version and lifts the hold, each in the operator’s own name and audited', async () => {
  await publishAnother();
  const { page, complaints, close } = await openRoute();
  await untilRead(page);
  await tabTo(page, page.getByRole('button', { name: 'Pin it…' }));
  await page.keyboard.press('Enter');
  const pin = page.getByRole('dialog', { name: /^Pin version \d+ of chat-large in japan$/ });
  await tabTo(page, pin.getByRole('button', { name: 'Sign in as local operator' }));
  await page.keyboard.press('Enter');
  await pin.getByText('✓ Signed in').waitFor();
  await tabTo(page, pin.getByLabel('Reason'));
  await page.keyboard.type(reason);
  await tabTo(page, pin.getByLabel(`Type ${model} to confirm`));
  await page.keyboard.type(model);
  await page.keyboard.press('Enter');
  const ids = [await doneBy(pin)];
  await heldByOperator(page).waitFor();

  const before = await standing();
  const goBack = page.getByRole('button', { name: /^Go back to/ }).first();
  const [older = ''] = /\d+/.exec((await goBack.textContent()) ?? '') ?? [];
  await goBack.click();
  const back = page.getByRole('dialog', { name: `Go back to version ${older} of ${model}` });
  await back.getByRole('heading', { name: /^What it would change/ }).waitFor();
  expect(await accessibilityOffences(page)).toEqual([]);
  ids.push(await order(back, 'Go back'));
  await page
    .getByRole('listitem')
    .filter({ hasText: '● stands now' })
    .getByText(`rolled back to version ${older} by http://localhost/local-mode local-operator: ${reason}`)
    .waitFor();
  expect(await standing()).toBeGreaterThan(before);

  await page.getByRole('button', { name: 'Lift it…' }).click();
  const lift = page.getByRole('dialog', { name: `Lift the hold of ${model} in ${residency}` });
  expect(await accessibilityOffences(page)).toEqual([]);
  ids.push(await order(lift, 'Lift'));
  await page.getByText('Nobody holds it').waitFor();
  expect((await readHistory()).holds).toEqual([]);
  expect(new Set(ids).size).toBe(3);
  expect(complaints).toEqual([]);
  await close();
});

it('rolls back nothing where the route has moved on while somebody typed, and says so', async () => {
  await publishAnother();
  const before = await standing();
  const { page, close } = await openRoute();
  await page
    .getByRole('button', { name: /^Go back to/ })
    .first()
    .click();
  const back = page.getByRole('dialog');
  await back.getByRole('heading', { name: /^What it would change/ }).waitFor();
  expect((await orderMeanwhile('rollback', { version: before - 1 })).status).toBe(200);
  await back.getByRole('button', { name: 'Sign in as local operator' }).click();
  await back.getByText('✓ Signed in').waitFor();
  await back.getByLabel('Reason').fill(reason);
  await back.getByLabel(`Type ${model} to confirm`).fill(model);
  await back.getByRole('button', { name: 'Go back', exact: true }).click();
  await back.getByText(/stands now, not \d+\. Close this and look/).waitFor();
  expect((await readHistory()).holds).toMatchObject([{ reason: 'somebody else' }]);
  expect((await orderMeanwhile('lift', {})).status).toBe(200);
  await close();
});

it('takes no application’s key for an order, whoever sends it', async () => {
  const key = { authorization: 'Bearer sk-local', 'content-type': 'application/json' };
  for (const [name, more] of [
    ['pin', {}],
    ['rollback', { version: 1 }],
    ['lift', {}],
  ] as const) {
    const answer = await fetch(`${inject('gatewayUrl')}/spillway/v1/operations/${name}`, {
      method: 'POST',
      headers: key,
      body: JSON.stringify({ model, residency, reason, ...more }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { error: { code: 'operation_not_allowed' } },
    ]);
  }
  expect((await readHistory()).holds).toEqual([]);
});

it('lets the local operator look around, who sees what every tenant does', async () => {
  const { page, complaints, close } = await openConsole(browser, `${inject('gatewayUrl')}/console#/live`, {
    width: 1024,
    theme: 'dark',
  });
  await page.getByRole('button', { name: 'Sign in as local operator' }).click();
  await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor();
  for (const title of ['Availability', 'Map', 'Routes']) {
    await page.getByRole('link', { name: title, exact: true }).click();
    await untilRead(page);
    expect(await page.getByRole('alert').count(), title).toBe(0);
  }
  expect(complaints).toEqual([]);
  await close();
});
