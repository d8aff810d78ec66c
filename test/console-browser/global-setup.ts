/** One local mode and one Chromium for all files of the suite: each takes seconds to start. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from '../../scripts/chromium-options.ts';
import { startSpillway } from '../main-job/spillway-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the first gateway, and of the one in Frankfurt. */
    readonly gatewayUrl: string;
    readonly frankfurtUrl: string;
    readonly browserEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await chromium.launchServer(chromiumOptions(process.env.CHROMIUM_FILE ?? ''));
  const spillway = await startSpillway();
  project.provide('gatewayUrl', spillway.gatewayUrl('us-east-1'));
  project.provide('frankfurtUrl', spillway.gatewayUrl('eu-central-1'));
  project.provide('browserEndpoint', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await spillway.close();
  };
}
