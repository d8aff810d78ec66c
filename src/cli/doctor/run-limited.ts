/** Runs tasks, at most `limit` at a time, and answers their results in the order of the tasks. */
export async function runLimited<Result>(
  tasks: readonly (() => Promise<Result>)[],
  limit: number,
  onDone: (done: number) => void,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks.length) {
      const index = next;
      next += 1;
      const task = tasks[index];
      if (task === undefined) return;
      results.set(index, await task());
      onDone(results.size);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result);
}
