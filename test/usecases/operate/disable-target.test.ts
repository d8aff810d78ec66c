import { describe, expect, it } from 'vitest';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { disableTarget } from '#usecases/operate/disable-target.ts';

const start = Date.UTC(2026, 10, 21, 8);
const order = { target: 'a', by: 'ada', reason: 'slow', hours: 1 };

describe('disabling a target', () => {
  it('is logged first, written for the own region, and names the regions that say it too', async () => {
    const store = createMemoryOperatorStore();
    const elsewhere = (target: string, until: string) => ({ ...order, target, until, region: 'eu-west-1' });
    const others = [
      elsewhere('a', '2026-11-21T08:30:00.000Z'),
      elsewhere('a', '2026-11-21T08:00:00.000Z'),
      elsewhere('b', '2026-11-21T08:30:00.000Z'),
    ];
    const steps: string[] = [];
    const watched = {
      region: store.region,
      loadDisabled: async () => [...(await store.loadDisabled()), ...others],
      saveDisabled: async (entry: Parameters<typeof store.saveDisabled>[0]) => {
        steps.push('save');
        await store.saveDisabled(entry);
      },
    };
    const log = { write: (_level: string, event: string) => void steps.push(event) };
    const clock = createVirtualClock(start);
    const done = await disableTarget({ clock, store: watched, log }, order);
    expect(steps).toEqual(['operator-disabled-target', 'save']);
    expect(done.disabled).toMatchObject({ region: 'us-east-1', until: '2026-11-21T09:00:00.000Z' });
    expect(done.standing).toEqual([others[0]]);
    const ended = await disableTarget({ clock, store: watched, log }, { ...order, hours: 0 });
    expect(steps.slice(2)).toEqual(['operator-enabled-target', 'save']);
    expect(ended.disabled.until).toBe('2026-11-21T08:00:00.000Z');
    expect(ended.standing).toEqual([others[0]]);
  });
});
