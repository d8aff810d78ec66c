import { describe, expect, it } from 'vitest';
import { listenForInterruption } from '#runtime/interruption.ts';

const listeners = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

describe('listenForInterruption', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'aborts at the first %s, and leaves the second to the system',
    (name) => {
      const before = listeners();
      const { signal } = listenForInterruption();
      expect(signal.aborted).toBe(false);
      process.emit(name);
      expect(signal.aborted).toBe(true);
      expect(listeners()).toBe(before);
    },
  );

  it('listens no longer than it is asked to', () => {
    const before = listeners();
    const interruption = listenForInterruption();
    expect(listeners()).toBe(before + 2);
    interruption.close();
    expect(listeners()).toBe(before);
    expect(interruption.signal.aborted).toBe(false);
  });
});
