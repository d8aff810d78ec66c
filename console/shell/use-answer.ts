import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiProblem, isApiProblem, unreachable } from './api-problem.ts';
import type { ConsoleApi } from './console-api.ts';

export interface Asked<Answer> {
  /** The last good answer. Undefined until there is one. */
  readonly answer: Answer | undefined;
  /** Why the last question had none. With `answer`, that one is old. */
  readonly problem: ApiProblem | undefined;
  readonly isLoading: boolean;
  readonly again: () => void;
}

/**
 * An answer of the gateway, asked for again at an interval while the page is looked at.
 *
 * @param everyMs from one answer to the next question. @default - it is asked once
 */
export function useAnswer<Answer>(api: ConsoleApi, path: string, everyMs?: number): Asked<Answer> {
  const [state, setState] = useState<Omit<Asked<Answer>, 'again'>>(nothingYet);
  const [turn, setTurn] = useState(0);
  const shownPath = useRef(path);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const asked = await askOnce<Answer>(api, path, stop.signal);
      if (stop.signal.aborted) return;
      setState((last) => ({ answer: asked.answer ?? last.answer, problem: asked.problem, isLoading: false }));
      if (everyMs !== undefined) timer = setTimeout(() => void untilSeen(stop.signal).then(ask), everyMs);
    };
    setState((last) => (shownPath.current === path ? { ...last, isLoading: true } : nothingYet));
    shownPath.current = path;
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [api, path, everyMs, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  return { ...state, again };
}

const nothingYet = { answer: undefined, problem: undefined, isLoading: true } as const;

async function askOnce<Answer>(
  api: ConsoleApi,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly answer?: Answer; readonly problem: ApiProblem | undefined }> {
  try {
    return { answer: await api.getJson<Answer>(path, signal), problem: undefined };
  } catch (error) {
    return { problem: isApiProblem(error) ? error : unreachable(error) };
  }
}

/** A page in the background asks nothing. */
function untilSeen(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === 'visible') return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal });
  });
}
