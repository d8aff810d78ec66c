import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptySlotQueue,
  enter,
  leave,
  resize,
  type SlotQueue,
  type SlotStep,
} from '#serving-model/slot-queue.ts';

type Move =
  | { readonly kind: 'enter' }
  | { readonly kind: 'leave'; readonly pick: number }
  | { readonly kind: 'resize'; readonly slots: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('enter' as const) }),
  fc.record({ kind: fc.constant('leave' as const), pick: fc.nat(50) }),
  fc.record({ kind: fc.constant('resize' as const), slots: fc.nat(5) }),
);

function play(queue: SlotQueue, next: Move, id: string): SlotStep {
  if (next.kind === 'enter') return enter(queue, id);
  if (next.kind === 'resize') return resize(queue, next.slots);
  const known = [...queue.running, ...queue.waiting];
  return leave(queue, known[next.pick % Math.max(1, known.length)] ?? 'nobody');
}

describe('slot queue', () => {
  it('starts a request at once while a slot is free and makes the next one wait', () => {
    const first = enter(emptySlotQueue(1), 'a');
    expect(first.started).toEqual(['a']);
    const second = enter(first.queue, 'b');
    expect(second.started).toEqual([]);
    expect(leave(second.queue, 'a').started).toEqual(['b']);
  });

  it('lets whoever waits give up without taking a slot', () => {
    const { queue } = enter(enter(enter(emptySlotQueue(1), 'a').queue, 'b').queue, 'c');
    const step = leave(queue, 'b');
    expect(step.started).toEqual([]);
    expect(leave(step.queue, 'a').started).toEqual(['c']);
  });

  it('lets running requests finish when slots go away', () => {
    const { queue } = enter(enter(emptySlotQueue(2), 'a').queue, 'b');
    const fewer = resize(queue, 1);
    expect([...fewer.queue.running]).toEqual(['a', 'b']);
    expect(enter(fewer.queue, 'c').started).toEqual([]);
  });

  it('starts in the order of arrival, never more than there are slots, and leaves no slot idle while someone waits', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let queue = emptySlotQueue(2);
        const startedInOrder: number[] = [];
        moves.forEach((next, index) => {
          const before = queue.running.size;
          const step = play(queue, next, String(index));
          queue = step.queue;
          startedInOrder.push(...step.started.map(Number));
          if (step.started.length > 0) expect(queue.running.size).toBeLessThanOrEqual(queue.slots);
          if (queue.waiting.length > 0) expect(queue.running.size).toBeGreaterThanOrEqual(queue.slots);
          expect(queue.running.size).toBeLessThanOrEqual(Math.max(before, queue.slots));
        });
        expect(startedInOrder).toEqual([...startedInOrder].sort((left, right) => left - right));
      }),
    );
  });
});
