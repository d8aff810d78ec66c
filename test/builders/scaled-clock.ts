/** The machine's clock, told in the time of a scaled local AWS: what counts as a second lasts `timeScale` of one. */
import { systemClock } from '#adapters/system/system-clock.ts';
import type { Clock } from '#usecases/ports/clock.ts';

/** @param timeScale above 0, as the local AWS has it */
export function createScaledClock(timeScale: number): Clock {
  const startedAt = systemClock.now();
  const startedMs = systemClock.monotonicMs();
  const passedMs = (): number => (systemClock.monotonicMs() - startedMs) / timeScale;
  return {
    now: () => Math.floor(startedAt + passedMs()),
    monotonicMs: passedMs,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds * timeScale, signal),
    after: (milliseconds, action) => systemClock.after(milliseconds * timeScale, action),
  };
}
