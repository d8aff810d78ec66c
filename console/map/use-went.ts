import { useEffect, useState } from 'preact/hooks';
import type { LiveEvent } from '#contract/live.ts';
import type { ApiProblem } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';

export interface HeardEvents {
  /** The last one. Undefined until one came. */
  readonly event: LiveEvent | undefined;
  /** Why there is none now. */
  readonly problem: ApiProblem | undefined;
}

/** Listens to the gateway that served the page, while the map is looked at. */
export function useWent(api: ConsoleApi): HeardEvents {
  const [heard, setHeard] = useState<HeardEvents>({ event: undefined, problem: undefined });
  useEffect(
    () =>
      api.openEvents('/spillway/v1/events', {
        onEvent: ({ data }) => setHeard({ event: JSON.parse(data) as LiveEvent, problem: undefined }),
        onState: (state, problem) => {
          if (state === 'waiting') setHeard((last) => ({ ...last, problem }));
        },
      }),
    [api],
  );
  return heard;
}
