/** Calls whose failure is an answer too, in a span of time that none of them outlives. */
import type { Answer } from '#core/discovery/answers.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { Clock } from '../ports/clock.ts';
import { type CallContext, callWithRetries } from './call-with-retries.ts';

/** Makes a call; its failure is the answer's, and only a programmer's error is thrown. */
export type Ask = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<Answer<T>>;

/** Asks with retries, at the pace of the context's bucket and until its signal aborts. */
export function asking(context: CallContext): Ask {
  return async (call) => {
    try {
      return { ok: true, value: await callWithRetries(context, call) };
    } catch (error) {
      if (!isHouseError(error) && !context.signal.aborted) throw error;
      return { ok: false, failure: failureName(error) };
    }
  };
}

/** One answer for each item, by its key; all are asked at once. */
export async function askEach<Item, T>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  ask: (item: Item) => Promise<Answer<T>>,
): Promise<ReadonlyMap<string, Answer<T>>> {
  const answers = await Promise.all(items.map(async (item) => [keyOf(item), await ask(item)] as const));
  return new Map(answers);
}

/** AWS's own name of an error where there is one, else our code. */
export function failureName(error: unknown): string {
  if (!isHouseError(error)) return 'run-deadline';
  const { errorName } = error.facts;
  return typeof errorName === 'string' ? errorName : error.code;
}

/** Runs the work under a signal that aborts at the limit. */
export async function withinLimit<T>(
  clock: Clock,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const ended = new AbortController();
  const deadline = clock.sleep(limitMs, ended.signal).then(
    () => limit.abort(new Error('the run has ended')),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    ended.abort(new Error('the work has ended'));
    await deadline;
  }
}
