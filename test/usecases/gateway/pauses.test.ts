import { expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createPauses } from '#usecases/gateway/pauses.ts';

it('lets others in after eight milliseconds of work, and not before', async () => {
  const clock = createVirtualClock(0);
  const pause = createPauses(clock);
  clock.advance(7);
  expect(pause()).toBeUndefined();
  clock.advance(1);
  const due = pause();
  expect(due).toBeInstanceOf(Promise);
  await due;
  expect(pause()).toBeUndefined();
});
