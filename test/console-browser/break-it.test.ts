import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { accessibilityOffences, connectBrowser, openConsole } from '#test/builders/console-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  for (const resource of ['faults', 'traffic'])
    await fetch(`${inject('gatewayUrl')}/_local/${resource}`, { method: 'DELETE' });
});

const view = { width: 1024, theme: 'dark', credential: 'sk-local' } as const;
const open = () => openConsole(browser, `${inject('gatewayUrl')}/console#/break-it`, view);

it('darkens Frankfurt under EU traffic, which then is served elsewhere in the EU, and mends it', async () => {
  const { page, complaints, close } = await open();
  await page.getByRole('combobox', { name: 'Rate' }).selectOption('10');
  await page.getByRole('button', { name: 'Start traffic' }).click();
  const answers = page.getByRole('region', { name: 'The latest answers' }).getByRole('row');
  const fromFrankfurt = answers.filter({ hasText: /eu-central-1eu-central-1serverless/ });
  await fromFrankfurt.first().waitFor();
  await page.getByRole('button', { name: 'Darken it' }).click();
  await page.getByText('✗ eu-central-1 is dark').waitFor();
  await answers
    .filter({ hasText: /eu-central-1eu-(west|north)-\dserverless/ })
    .first()
    .waitFor();
  await expect.poll(() => fromFrankfurt.count(), { timeout: 30_000 }).toBe(0);
  expect(await page.getByText(/answered, 0 failed/).count()).toBe(1);
  // With a fault and a chart on it, the page is another than the one without.
  expect(await accessibilityOffences(page)).toEqual([]);
  await page.reload();
  await page.getByText('✗ eu-central-1 is dark').waitFor();
  expect(await page.getByRole('combobox', { name: 'Rate' }).inputValue()).toBe('10');
  await page.getByRole('button', { name: 'Mend: eu-central-1 is dark' }).click();
  await page.getByText('✓ Nothing is broken.').waitFor();
  await page.getByRole('button', { name: 'Stop traffic' }).click();
  await page.getByText(/^Ended: /).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

it('throttles, slows and kills, and mends everything at once, also with the table dead', async () => {
  const { page, close } = await open();
  const gatewayUrl = inject('gatewayUrl');
  const rules = async () => (await fetch(`${gatewayUrl}/_local/faults`)).json();
  await page
    .getByRole('combobox', { name: 'Pool' })
    .selectOption('111111111111/us-east-1/us.anthropic.claude-sonnet-4-5-20250929-v1:0');
  await page.getByRole('button', { name: 'Throttle it' }).click();
  await page.getByText('✗ us.anthropic.claude-sonnet-4-5-20250929-v1:0 is throttled in us-east-1').waitFor();
  await page
    .getByRole('combobox', { name: 'Model or endpoint' })
    .selectOption({ label: 'chat-small (endpoint)' });
  await page.getByRole('combobox', { name: 'By' }).selectOption({ label: '1 s' });
  await page.getByRole('button', { name: 'Slow it' }).click();
  await page.getByText('✗ chat-small is slow').waitFor();
  await page.getByRole('button', { name: 'Kill it' }).click();
  await page.getByText('✗ The table is dead').waitFor();
  expect(await rules()).toMatchObject([
    { service: 'bedrock-runtime', account: '111111111111', kind: 'throttle' },
    { service: 'sagemaker-runtime', target: 'chat-small', kind: 'latency', milliseconds: 1_000 },
    { service: 'dynamodb', kind: 'refuse' },
  ]);
  // Loaded with nothing to read from, it still leads back.
  await page.reload();
  await page.getByText('✗ The table is dead').waitFor();
  await page.getByRole('button', { name: 'Mend everything' }).click();
  await page.getByText('✓ Nothing is broken.').waitFor();
  expect(await rules()).toEqual([]);
  await close();
});

it('shows faults that were ordered from a terminal', async () => {
  const { page, close } = await open();
  const rule = { service: 'bedrock-runtime', kind: 'reset', probability: 0.5 };
  await fetch(`${inject('gatewayUrl')}/_local/faults`, { method: 'PUT', body: JSON.stringify([rule]) });
  await page.getByText('✗ reset on bedrock-runtime').waitFor();
  await page.getByRole('button', { name: 'Mend: reset on bedrock-runtime' }).click();
  await page.getByText('✓ Nothing is broken.').waitFor();
  await close();
});
