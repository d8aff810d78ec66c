import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, type PlannedEvent } from '#simulator/engine/event-queue.ts';

/** Takes everything out, and says what was planned under which number. */
function takenFrom(queue: EventQueue): readonly unknown[] {
  const taken: unknown[] = [];
  for (let action = queue.take(); action !== undefined; action = queue.take()) taken.push(action());
  return taken;
}

type Step =
  | { readonly does: 'plan'; readonly dueMs: number }
  | { readonly does: 'cancel'; readonly which: number }
  | { readonly does: 'take' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constant('plan' as const), dueMs: fc.nat({ max: 12 }) }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('cancel' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.constant({ does: 'take' as const }) },
  ),
  { maxLength: 120 },
);

describe('the queue of events', () => {
  it('gives what a sorted list would, whatever is planned, cancelled and taken between', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const queue = new EventQueue();
        const planned: PlannedEvent[] = [];
        let open: { readonly dueMs: number; readonly order: number }[] = [];
        const first = () => open.toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
        for (const step of plan) {
          if (step.does === 'plan') {
            const order = planned.length;
            planned.push(queue.plan(step.dueMs, () => order));
            open.push({ dueMs: step.dueMs, order });
          } else if (step.does === 'cancel') {
            const event = planned[step.which % Math.max(1, planned.length)];
            // Also what has happened, or was cancelled before.
            if (event !== undefined) queue.cancel(event);
            open = open.filter(({ order }) => order !== event?.order);
          } else {
            const next = first();
            expect(queue.take()?.()).toBe(next?.order);
            open = open.filter((each) => each !== next);
          }
          expect(queue.size).toBe(open.length);
          expect(queue.nextMs()).toBe(first()?.dueMs);
        }
        const rest = open.toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order);
        expect(takenFrom(queue)).toEqual(rest.map(({ order }) => order));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps its order when it throws out thousands that were cancelled', () => {
    const queue = new EventQueue();
    const count = 12_000;
    // A stride without a common divisor: every time once, in no order.
    const planned = Array.from({ length: count }, (_, index) => {
      const dueMs = (index * 7_919) % count;
      return queue.plan(dueMs, () => dueMs);
    });
    // What comes first of all is among what goes: the next one must take its place.
    const isKept = (dueMs: number) => dueMs % 8 === 5;
    for (const event of planned) if (!isKept(event.dueMs)) queue.cancel(event);
    // What was swept out is cancelled once more.
    for (const event of planned) if (!isKept(event.dueMs)) queue.cancel(event);
    expect(queue.size).toBe(count / 8);
    queue.plan(3, () => 3);
    const kept = Array.from({ length: count / 8 }, (_, index) => index * 8 + 5);
    expect(takenFrom(queue)).toEqual([3, ...kept]);
    expect(queue.size).toBe(0);
    expect(queue.nextMs()).toBeUndefined();
  });

  it('finds what is next where all that came first is thrown out at once', () => {
    const queue = new EventQueue();
    const count = 8_000;
    const planned = Array.from({ length: count }, (_, index) => {
      const dueMs = (index * 7_919) % count;
      return queue.plan(dueMs, () => dueMs);
    });
    // One more than half: the last of them brings the sweep.
    for (const event of planned) if (event.dueMs <= count / 2) queue.cancel(event);
    const kept = Array.from({ length: count / 2 - 1 }, (_, index) => count / 2 + 1 + index);
    expect(queue.nextMs()).toBe(kept[0]);
    expect(takenFrom(queue)).toEqual(kept);
  });

  it('holds nothing of what is over, so that a cancelled deadline keeps no call alive', () => {
    const queue = new EventQueue();
    const [cancelled, taken] = [queue.plan(1, () => 1), queue.plan(2, () => 2)];
    queue.cancel(cancelled);
    expect(queue.take()?.()).toBe(2);
    expect([cancelled.action, taken.action]).toEqual([undefined, undefined]);
  });
});
