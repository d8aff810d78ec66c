import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveEvent } from '#contract/live.ts';
import type { ApiProblem } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { LiveHistory } from './live-history.ts';

/** What is drawn again so often is read; more is only work. */
const DRAW_MS = 250;

export interface Live {
  readonly history: LiveHistory;
  /** Another with each drawing. */
  readonly version: number;
  readonly state: 'connecting' | 'open' | 'waiting';
  readonly problem: ApiProblem | undefined;
  /** When the last event came, by this machine's clock. */
  readonly heardAt: number;
  readonly again: () => void;
}

/** Listens while the page is shown. Events that come faster than anybody reads are taken in, and drawn together. */
export function useLive(api: ConsoleApi): Live {
  const [turn, setTurn] = useState(0);
  const [version, setVersion] = useState(0);
  const now = useRef<Omit<Live, 'version' | 'again'>>(nothingYet());
  // A new turn listens again.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((last) => last + 1);
      }, DRAW_MS);
    };
    now.current = nothingYet();
    const stop = api.openEvents('/spillway/v1/events', {
      onEvent: ({ data }) => {
        now.current.history.add(JSON.parse(data) as LiveEvent);
        now.current = { ...now.current, heardAt: Date.now() };
        draw();
      },
      onState: (state, problem) => {
        now.current = { ...now.current, state, problem };
        draw();
      },
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [api, turn]);
  return { ...now.current, version, again: () => setTurn((last) => last + 1) };
}

const nothingYet = (): Omit<Live, 'version' | 'again'> => ({
  history: new LiveHistory(),
  state: 'connecting',
  problem: undefined,
  heardAt: 0,
});
