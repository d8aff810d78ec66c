/** Waits of a start: for gateways that get ready, and for work that may take longer than anyone waits. */

const readyPollMs = 20;

/** Until every gateway says that it is ready, or the stop. */
export async function untilReady(urls: readonly string[], stop: AbortSignal): Promise<void> {
  for (const url of urls) {
    while (!stop.aborted && !(await isReady(url))) await pause(readyPollMs);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for the work, but no longer than so; it goes on in the background. */
export async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  const done = new AbortController();
  const timer = new Promise<void>((resolve) => {
    const timeout = setTimeout(resolve, milliseconds);
    done.signal.addEventListener('abort', () => clearTimeout(timeout));
  });
  await Promise.race([work, timer]);
  done.abort();
}
