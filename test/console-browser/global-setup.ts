/** One local mode and one Chromium for all files of the suite: each takes seconds to start. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { startSpillway } from '../main-job/spillway-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the first gateway, and of the one in Frankfurt. */
    readonly gatewayUrl: string;
    readonly frankfurtUrl: string;
    readonly browserEndpoint: string;
  }
}

/** No GPU, and no word to anybody but the pages. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = process.env.CHROMIUM_FILE ?? '';
  // Chromium does not put root into its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  const browser = await chromium.launchServer({ executablePath, args, headless: true });
  const spillway = await startSpillway();
  project.provide('gatewayUrl', spillway.gatewayUrl('us-east-1'));
  project.provide('frankfurtUrl', spillway.gatewayUrl('eu-central-1'));
  project.provide('browserEndpoint', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await spillway.close();
  };
}
