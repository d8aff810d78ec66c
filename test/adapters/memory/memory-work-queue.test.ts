import { createMemoryWorkQueue } from '#adapters/memory/memory-work-queue.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { describeWorkQueue } from '../../port-suites/work-queue.suite.ts';

describeWorkQueue('memory', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 8));
  return {
    queue: createMemoryWorkQueue(clock),
    create: async () => undefined,
    waitSecond: async () => clock.advance(1_100),
    close: async () => undefined,
  };
});
