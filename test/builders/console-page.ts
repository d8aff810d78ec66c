/** A page of the console in a real browser, and what it and its browser complain about. */
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

export interface ConsoleView {
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

export interface ConsolePage {
  readonly page: Page;
  /** Errors of scripts, refused resources, and everything that the content security policy had to stop. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export const widths = [360, 1024, 1920] as const;
export const themes = ['light', 'dark'] as const;

export const connectBrowser = (): Promise<Browser> => chromium.connect(inject('browserEndpoint'));

const heightPx = 900;

// What runs in the page is text: the project's types know no browser.
const watchPolicy = `document.addEventListener('securitypolicyviolation', (event) =>
  window.complain('the policy ' + event.violatedDirective + ' stopped ' + event.blockedURI));`;

const signedIn = (credential: string): string =>
  `sessionStorage.setItem('spillway.credential', ${JSON.stringify(credential)});`;

export async function openConsole(
  browser: Browser,
  url: string,
  view: ConsoleView & { readonly credential?: string },
): Promise<ConsolePage> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: heightPx },
    colorScheme: view.theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('complain', (text: string) => void complaints.push(text));
  await page.addInitScript(watchPolicy);
  if (view.credential !== undefined) await page.addInitScript(signedIn(view.credential));
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** As another reader of the same page has it: wider or narrower, in other colours. */
export async function showAs(page: Page, { width, theme }: ConsoleView): Promise<void> {
  await page.setViewportSize({ width, height: heightPx });
  await page.emulateMedia({ colorScheme: theme });
}

/** Until the page has its heading, and nothing that it waits for. */
export async function untilRead(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.getByText(/^Reading /).count(), { timeout: 15_000 }).toBe(0);
}

/** Every rule of WCAG A and AA that a machine can judge, and axe's own good practice: each offence in a line. */
export async function accessibilityOffences(page: Page): Promise<readonly string[]> {
  // By the debugger's own way into the page: the policy of the page lets no script of ours in.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** What sticks out of the page to the side: nobody should have to scroll a page in two directions. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
