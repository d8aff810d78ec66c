import { describe, expect, it } from 'vitest';
import { nothingShared, type SharedHealth } from '#core/health/shared-health.ts';
import { withEjection } from '#core/health/step-shared-health.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createHealthBook } from '#usecases/gateway/health-book.ts';
import { claimProbePlace, type ProbePlaceDependencies } from '#usecases/gateway/probe-place.ts';

const east = aTarget();
const start = 1_000_000;

/** A process that has read of an ejection by another, whose time is over. */
function afterEjection(change: ProbePlaceDependencies['view']['change'], leap = false) {
  const clock = createVirtualClock(start, { leap });
  const book = createHealthBook();
  const health: SharedHealth = withEjection(nothingShared, { by: 'p2', at: start });
  const failures: unknown[] = [];
  const view = {
    of: (key: string) => (key === east.id ? health : undefined),
    change,
    fail: (error: unknown) => void failures.push(error),
  };
  book.believe(east.id, health, { self: 'p1', at: start });
  const claim = () => claimProbePlace({ view, book, clock, self: 'p1' }, east);
  return { clock, book, claim, failures };
}

describe('the place of the probe', () => {
  it('is asked for when the ejection is over, and nobody else of the process asks meanwhile', async () => {
    const { clock, claim } = afterEjection(async () => true);
    expect(claim()).toBeUndefined();
    clock.advance(5000);
    const claiming = claim();
    expect(claim()).toBeUndefined();
    expect(await claiming).toBe(true);
  });

  it('is another’s where it is taken', async () => {
    const { clock, claim } = afterEjection(async () => false);
    clock.advance(5000);
    expect(await claim()).toBe(false);
  });

  it('is everybody’s own where the table fails, or takes longer than a tenth of a second', async () => {
    const down = afterEjection(() => Promise.reject(new Error('down')));
    down.clock.advance(5000);
    expect(await down.claim()).toBe(true);
    expect(down.failures).toHaveLength(1);
    const slow = afterEjection(() => new Promise<never>(() => undefined), true);
    slow.clock.advance(5000);
    const before = slow.clock.now();
    expect(await slow.claim()).toBe(true);
    expect(slow.clock.now() - before).toBeLessThanOrEqual(100);
  });
});
