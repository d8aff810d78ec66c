/** Joins lines into few writes: each is a system call, and one that waits for a slow reader holds up every request. */

/** Beyond it nothing waits for the clock. */
const HELD_CHARACTERS_MAX = 64 * 1024;

export interface LineWriter {
  /** Takes one line with its end. */
  write(line: string): void;
  /** Writes what is held, now: before the process ends, or is frozen. */
  flush(): void;
}

/**
 * Lines stay in order and are never cut. What is held is lost when the process is killed outright, so at most the lines
 * of the last `heldMsMax`.
 *
 * @param options.heldMsMax how long a line may wait for others. 0: no longer than the step of the program that wrote it,
 *   so that none is held when a function is frozen
 */
export function createLineWriter(options: {
  readonly write: (text: string) => void;
  readonly heldMsMax: number;
}): LineWriter {
  const { write, heldMsMax } = options;
  let held = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const text = held;
    held = '';
    if (text !== '') write(text);
  };
  const plan = (): void => {
    if (heldMsMax === 0) queueMicrotask(flush);
    // Lines alone keep no process alive; who ends it flushes.
    else timer = setTimeout(flush, heldMsMax).unref();
  };
  return {
    write: (line) => {
      if (held === '') plan();
      held += line;
      if (held.length >= HELD_CHARACTERS_MAX) flush();
    },
    flush,
  };
}
