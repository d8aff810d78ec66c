/**
 * `npx node scripts/write-console-pictures.ts [folder]`: the pictures of the documentation, from local mode in Chromium:
 * the gaps of the example, an order that nobody gives, and EU traffic while Frankfurt goes dark, in light and in dark colours.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumFile, chromiumOptions } from './chromium-options.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? join(project, 'docs', 'images');
const width = 1280;
const bytesMax = 200_000;
/** Everything runs on one machine, which may have other work. */
const pageMsMax = 120_000;
/** Until failover, and then traffic without Frankfurt, can be seen in the charts. */
const trafficMs = 10_000;
const darkMs = 10_000;

interface Picture {
  readonly name: string;
  readonly hash: string;
  /** In pixels. @default 800 */
  readonly height?: number;
  /** What to do before it is taken. @default - nothing */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Before Frankfurt goes dark, and while it is. */
const calm: readonly Picture[] = [
  { name: 'availability', hash: 'availability', prepare: openAnthropicGap },
  { name: 'routes', hash: 'routes?model=chat-large&residency=eu' },
  { name: 'pin', hash: 'routes?model=chat-large&residency=eu', prepare: askToPin },
];
const dark: readonly Picture[] = [
  { name: 'map', hash: 'map', prepare: askAboutFrankfurt },
  { name: 'live', hash: 'live', prepare: () => pause(darkMs) },
  { name: 'break-it', hash: 'break-it', height: 1_160, prepare: () => pause(2_000) },
];

const local = spawn(
  process.execPath,
  [join(project, 'src/local-mode/main.ts'), '--port', '0', '--aws-port', '0', '--json'],
  { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
);
let browser: Browser | undefined;
try {
  const gatewayUrl = await dublinWhenReady(local);
  browser = await chromium.launch(chromiumOptions(chromiumFile()));
  mkdirSync(folder, { recursive: true });
  const control = `${gatewayUrl}/_local`;
  await takeAll(browser, gatewayUrl, calm);
  await order(`PUT ${control}/traffic`, { residency: 'eu', requestsPerSecond: 10, seconds: 600 });
  await pause(trafficMs);
  await order(`PUT ${control}/faults`, [{ region: 'eu-central-1', kind: 'refuse' }]);
  await pause(darkMs);
  await takeAll(browser, gatewayUrl, dark);
} finally {
  await browser?.close();
  local.kill('SIGTERM');
}

/** Of the gateway in Dublin: it gets a half of the EU traffic, and its own copy of the table is not dark. */
function dublinWhenReady({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('local mode has no output');
  // Read to the end: what nobody reads fills the pipe, and then local mode waits for a reader.
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    lines.on('close', () => reject(new Error('local mode ended before it was ready')));
    lines.on('line', (line) => {
      const event = JSON.parse(line) as {
        readonly event: string;
        readonly gateways?: readonly { readonly region: string; readonly url: string }[];
      };
      const found = event.gateways?.find(({ region }) => region === 'eu-west-1');
      if (event.event === 'ready' && found !== undefined) resolve(found.url);
    });
  });
}

async function order(call: string, body: unknown): Promise<void> {
  const [method = '', url = ''] = call.split(' ');
  const answer = await fetch(url, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
}

/** One after the other: two pages that draw would both be late. */
async function takeAll(of: Browser, gatewayUrl: string, pictures: readonly Picture[]): Promise<void> {
  for (const picture of pictures)
    for (const theme of ['light', 'dark'] as const) await take(of, gatewayUrl, { picture, theme });
}

async function take(
  of: Browser,
  gatewayUrl: string,
  { picture, theme }: { readonly picture: Picture; readonly theme: 'light' | 'dark' },
): Promise<void> {
  const { height = 800 } = picture;
  const viewport = { width, height };
  const context = await of.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(pageMsMax);
  await context.addInitScript("sessionStorage.setItem('spillway.credential', 'sk-local')");
  const page = await context.newPage();
  await page.goto(`${gatewayUrl}/console#/${picture.hash}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined);
  await picture.prepare?.(page);
  const file = join(folder, `console-${picture.name}-${theme}.png`);
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  console.log(`${file} ${Math.ceil(size / 1000)} kB`);
  if (size > bytesMax) throw new Error(`${file} has ${size} bytes, more than ${bytesMax}`);
  await context.close();
}

async function openAnthropicGap(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search' }).fill('anthropic.*');
  await page
    .getByRole('button', { name: /^Show one/ })
    .first()
    .click();
  await page.getByRole('heading', { level: 2, name: /^anthropic\..* in / }).waitFor();
}

/** As far as the last step: nothing is pinned. */
async function askToPin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pin it…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Sign in as local operator' }).click();
  await dialog.getByText('✓ Signed in').waitFor();
  await dialog.getByLabel('Reason').fill('Frankfurt is dark');
  await dialog.getByLabel('Type chat-large to confirm').fill('chat-large');
}

async function askAboutFrankfurt(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Residency' }).selectOption('eu');
  await page.getByRole('combobox', { name: 'What if a region goes dark?' }).selectOption('eu-central-1');
  await page.getByText(/^In the last minute calls went to/).waitFor();
  await pause(500);
}
