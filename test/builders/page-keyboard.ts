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

/** More than any list of a page has. */
const optionsMax = 100;

/**
 * Chooses in the list that has the focus by its arrow keys. What is typed there counts as one word only while the keys come
 * quickly, which a busy machine does not promise.
 */
export async function chooseByArrows(page: Page, list: Locator, value: string): Promise<void> {
  await page.keyboard.press('Home');
  for (let options = 0; options < optionsMax; options += 1) {
    const before = await list.inputValue();
    if (before === value) return;
    await page.keyboard.press('ArrowDown');
    const moved = expect.poll(() => list.inputValue(), { timeout: 2_000 }).not.toBe(before);
    // At the end of the list nothing moves: it may have grown since.
    await moved.catch(() => page.keyboard.press('Home'));
  }
  throw new Error(`no arrow key led to ${value}`);
}
