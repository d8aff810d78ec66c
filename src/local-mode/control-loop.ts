/**
 * Runs the control plane's handlers on an interval, as EventBridge Scheduler does in AWS: discovery for every account
 * and region, plan soon after something changed and after each round, verify after each round.
 */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface ControlLoopOptions {
  readonly places: readonly Place[];
  /** One discovery run. Answers true when it saved a change. A run that throws counts as failed; the round goes on. */
  readonly discover: (place: Place) => Promise<boolean>;
  readonly plan: () => Promise<void>;
  readonly verify: () => Promise<void>;
  /** From the start of one round to the start of the next; a longer round is followed at once. */
  readonly everyMs: number;
  /** Runs of one round that may be under way together. */
  readonly concurrencyMax: number;
  readonly onProgress: (progress: {
    readonly done: number;
    readonly total: number;
    readonly failed: number;
  }) => void;
  /** A round of discovery has ended, before the plan that follows it. */
  readonly onRound: (round: {
    readonly total: number;
    readonly failed: number;
    readonly durationMs: number;
  }) => void;
  readonly onError: (part: string, error: unknown) => void;
}

interface RoundEnd {
  /** Runs that ended, and those of them that stored nothing. */
  readonly total: number;
  readonly failed: number;
}

export interface ControlLoop {
  /** Resolves when the first round has ended, well or badly: discovery, the plan after it, and verify or its share of time. */
  readonly firstRound: Promise<RoundEnd>;
  /** Stops after the runs that are under way. */
  stop(): Promise<void>;
}

/** Changes that arrive within this time share one plan. */
const planDebounceMs = 200;

/** A round waits this long for verify, so that a quiet system is quiet once it is ready; a slow target may not hold it. */
const verifyWaitMsMax = 5_000;

export function startControlLoop(options: ControlLoopOptions): ControlLoop {
  let stopped = false;
  let rounds = 0;
  const pause = createPause();
  const plan = createDebouncedPlan(options);
  const round = async (): Promise<RoundEnd> => {
    // A plan in the middle of the first round would publish routes of the regions that happened to answer first.
    const onChange = rounds === 0 ? (): void => undefined : plan.request;
    rounds += 1;
    const end = await runRound(options, { isStopped: () => stopped, onChange });
    // Where nothing could be stored, plan and verify could read nothing either: nobody waits for them to find out.
    if (end.total > 0 && end.failed === end.total) return end;
    await plan.flush();
    const verified = options.verify().catch((error: unknown) => options.onError('verify', error));
    await Promise.race([verified, pause.wait(verifyWaitMsMax)]);
    pause.end();
    return end;
  };
  const first = Promise.withResolvers<RoundEnd>();
  const running = (async () => {
    while (!stopped) {
      const startedAt = performance.now();
      first.resolve(await round());
      if (!stopped) await pause.wait(options.everyMs - (performance.now() - startedAt));
    }
    first.resolve({ total: 0, failed: 0 });
  })();
  return {
    firstRound: first.promise,
    async stop() {
      stopped = true;
      pause.end();
      plan.cancel();
      await running;
    },
  };
}

/** A wait that another part of the loop can end; one at a time. */
function createPause() {
  let end = (): void => undefined;
  return {
    wait: (milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, milliseconds));
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: (): void => end(),
  };
}

async function runRound(
  options: ControlLoopOptions,
  hooks: { readonly isStopped: () => boolean; readonly onChange: () => void },
): Promise<RoundEnd> {
  const startedAt = performance.now();
  const total = options.places.length;
  let next = 0;
  let done = 0;
  let failed = 0;
  const worker = async (): Promise<void> => {
    while (!hooks.isStopped()) {
      const place = options.places[next++];
      if (place === undefined) return;
      try {
        if (await options.discover(place)) hooks.onChange();
      } catch (error) {
        failed += 1;
        options.onError(`discover ${place.account}/${place.region}`, error);
      }
      done += 1;
      options.onProgress({ done, total, failed });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrencyMax, total) }, worker));
  options.onRound({ total: done, failed, durationMs: Math.round(performance.now() - startedAt) });
  return { total: done, failed };
}

/** Plans run one at a time; requests that come while one runs, or shortly after each other, share the next. */
function createDebouncedPlan(options: Pick<ControlLoopOptions, 'plan' | 'onError'>) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = (): Promise<void> => {
    running = running.then(() => options.plan().catch((error: unknown) => options.onError('plan', error)));
    return running;
  };
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    request(): void {
      timer ??= setTimeout(() => {
        timer = undefined;
        void run();
      }, planDebounceMs);
    },
    flush(): Promise<void> {
      cancel();
      return run();
    },
    cancel,
  };
}
