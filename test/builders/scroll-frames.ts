/** How long the frames take while an element scrolls, as the page itself sees them. */
import type { Page } from 'playwright-core';

export interface ScrollRun {
  /** CSS selector of what scrolls. */
  readonly selector: string;
  readonly axis: 'top' | 'left';
  readonly frames: number;
  /** More than a screen in a second, as a wheel that is turned hard. */
  readonly stepPx: number;
}

/** Milliseconds from one frame to the next; it turns around at either end. */
export function scrollFrames(page: Page, run: ScrollRun): Promise<readonly number[]> {
  const { selector, axis, frames, stepPx } = run;
  return page.evaluate<readonly number[]>(`new Promise((resolve) => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const place = ${JSON.stringify(axis === 'top' ? 'scrollTop' : 'scrollLeft')};
    const times = [];
    let step = ${stepPx};
    let last;
    const next = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (times.length >= ${frames}) return resolve(times);
      const before = element[place];
      element[place] = before + step;
      if (element[place] === before) step = -step;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);
}
