/**
 * What the console asks of a browser: bytes, first paint, and frames while the board of 30 accounts × 21 regions × 140
 * models scrolls. `npx node bench/console.ts`; it takes Chromium and a machine with nothing else to do.
 */
import { gzipSync } from 'node:zlib';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { openConsoleProxy } from '#test/builders/console-proxy.ts';
import { largeAvailability } from '#test/builders/large-availability.ts';
import { scrollFrames } from '#test/builders/scroll-frames.ts';
import { startSpillway } from '#test/main-job/spillway-process.ts';
import { buildConsole } from '../scripts/build-console.ts';
import { chromiumFile, chromiumOptions } from '../scripts/chromium-options.ts';
import budgetFile from './budgets.json' with { type: 'json' };

const { console: budgets } = budgetFile;
const widths = [1024, 1920] as const;
const paintRounds = 5;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly max?: number;
}

const spillway = await startSpillway();
const gatewayUrl = spillway.gatewayUrl('us-east-1');
const board = JSON.stringify(largeAvailability(new Date().toISOString()));
const proxy = await openConsoleProxy(gatewayUrl, new Map([['/spillway/v1/availability', board]]));
const browser = await chromium.launch(chromiumOptions(chromiumFile()));
const figures: Figure[] = [];
try {
  const files = [...(await buildConsole()).values()];
  const bytes = files.reduce((sum, text) => sum + gzipSync(text).length, 0);
  figures.push({ what: 'bytes on the way, gzip', value: bytes, max: budgets.gzipBytesMax });
  figures.push({
    what: `first contentful paint of local mode, middle of ${paintRounds}, ms`,
    value: await firstPaintMs(),
    max: budgets.firstPaintMsMax,
  });
  for (const width of widths) figures.push(...(await boardFigures(width)));
} finally {
  await browser.close();
  await proxy.close();
  await spillway.close();
}
for (const { what, value, max } of figures) {
  const verdict = max === undefined ? '' : value <= max ? `  within ${max}` : `  OVER ${max}`;
  console.log(`${what.padEnd(72)} ${value.toFixed(1).padStart(10)}${verdict}`);
}
process.exitCode = figures.some(({ value, max }) => max !== undefined && value > max) ? 1 : 0;

async function openPage(url: string, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 1080 } });
  await context.addInitScript("sessionStorage.setItem('spillway.credential', 'sk-local')");
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** With nothing of it in the browser's cache, as a newcomer's. */
async function firstPaintMs(): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < paintRounds; round += 1) {
    const page = await openPage(`${gatewayUrl}/console`, 1024);
    await page.getByRole('heading', { level: 1 }).waitFor();
    found.push(
      await page.evaluate<number>(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity",
      ),
    );
    await page.context().close();
  }
  return middle(found);
}

/** Processor milliseconds that the page's own thread has worked: what else the machine does is not among them. */
async function workMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}

async function boardFigures(width: number): Promise<readonly Figure[]> {
  const page = await openPage(`${proxy.url}/console`, width);
  await page.getByRole('grid').waitFor();
  const shownMs = await page.evaluate<number>('performance.now()');
  // A line for every account and model: 4,200 of them.
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('account');
  const found: Figure[] = [{ what: `${width} px: 88,200 targets are shown after, ms`, value: shownMs }];
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  for (const axis of ['top', 'left'] as const) {
    const run = { selector: '[role=grid]', axis, frames: 400, stepPx: axis === 'top' ? 120 : 40 };
    const workedMs = await workMs(session);
    const times = [...(await scrollFrames(page, run))].sort((left, right) => left - right);
    const at = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? 0;
    const workPerFrameMs = ((await workMs(session)) - workedMs) / run.frames;
    const name = `${width} px: frame while it scrolls ${axis === 'top' ? 'down' : 'sideways'}`;
    found.push({ what: `${name}, work, ms`, value: workPerFrameMs, max: budgets.frameWorkMsMax });
    found.push({ what: `${name}, p50, ms`, value: at(0.5) });
    found.push({ what: `${name}, p95, ms`, value: at(0.95), max: budgets.frameP95MsMax });
    found.push({ what: `${name}, longest, ms`, value: at(1) });
  }
  await page.context().close();
  return found;
}

function middle(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
