/** Ctrl-C and its like as a signal that code can wait for. */

export interface Interruption {
  /** Aborts at the first SIGINT or SIGTERM; a second one ends the process as ever. */
  readonly signal: AbortSignal;
  close(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const close = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  const stop = (): void => {
    close();
    controller.abort(new Error('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return { signal: controller.signal, close };
}
