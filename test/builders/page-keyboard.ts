/** A page as somebody without a mouse uses it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The project's types know no browser. */
interface Rooted {
  readonly ownerDocument: { readonly activeElement: unknown };
}

/** A page of which more is to be passed has lost its way for whoever cannot point. */
const tabsMax = 60;

/** Whether whoever looks can see where the focus is. */
const isFocusSeen = `(() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
})()`;

export const isFocused = (wanted: Locator): Promise<boolean> =>
  wanted.evaluate((element) => element === (element as Rooted).ownerDocument.activeElement);

/** Until the focus is there, and seen wherever it comes by. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let tabs = 0; tabs < tabsMax; tabs += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 120)');
    if (!focused.startsWith('<body'))
      expect(await page.evaluate<boolean>(isFocusSeen), `the focus is seen on ${focused}`).toBe(true);
    if (await isFocused(wanted)) return;
  }
  throw new Error(`no tab led to ${String(wanted)}`);
}
