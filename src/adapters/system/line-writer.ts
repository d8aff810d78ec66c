/**
 * Joins the lines that one step of the program writes into one write: a request's audit line and its metrics line are
 * one system call. Nothing waits for a timer, so that no line is still held when a function is frozen.
 */
export function createLineWriter(write: (text: string) => void): (line: string) => void {
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    write(text);
  };
  return (line) => {
    if (held === '') queueMicrotask(flush);
    held += line;
  };
}
