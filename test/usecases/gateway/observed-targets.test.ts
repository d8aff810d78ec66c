import { describe, expect, it } from 'vitest';
import { createMemoryObservationStore } from '#adapters/memory/memory-observation-store.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createObservedTargets } from '#usecases/gateway/observed-targets.ts';

const region = {
  account: '111111111111',
  region: 'us-east-1',
  at: 0,
  failures: [],
  targets: [anObservation()],
};
const store = createMemoryObservationStore();

describe('what explanations read of discovery', () => {
  it('is read once for explanations that follow each other', async () => {
    let reads = 0;
    const loadAll = async () => {
      reads += 1;
      return { regions: [region], badItems: 0 };
    };
    const observed = createObservedTargets({
      clock: createVirtualClock(0),
      observations: { ...store, loadAll },
    });
    expect((await observed.load()).map(({ id }) => id)).toEqual([anObservation().id]);
    await observed.load();
    expect(reads).toBe(1);
  });

  it('is nothing when it cannot be read: no explanation fails for it', async () => {
    const loadAll = async () => {
      throw new Error('dark');
    };
    const observed = createObservedTargets({
      clock: createVirtualClock(0),
      observations: { ...store, loadAll },
    });
    expect(await observed.load()).toEqual([]);
  });
});
