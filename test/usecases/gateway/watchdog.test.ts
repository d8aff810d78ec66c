import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createWatchdog } from '#usecases/gateway/watchdog.ts';

function watching(leap = true) {
  const clock = createVirtualClock(0, { leap });
  const lateAt: number[] = [];
  const dog = createWatchdog({ clock, milliseconds: 100, onLate: () => void lateAt.push(clock.now()) });
  return { clock, lateAt, dog };
}

describe('a watchdog', () => {
  it('measures each wait from its own start', async () => {
    const { clock, lateAt, dog } = watching();
    for (let index = 0; index < 5; index += 1) await dog.watch(clock.sleep(80));
    expect(lateAt).toEqual([]);
    await dog.watch(clock.sleep(150));
    expect(lateAt).toEqual([500]);
  });

  it('barks again for each further time of a long wait', async () => {
    const { clock, lateAt, dog } = watching();
    await dog.watch(clock.sleep(350));
    expect(lateAt).toEqual([100, 200, 300]);
  });

  it('measures a wait without a promise in the same way, until it rests', () => {
    const { clock, lateAt, dog } = watching(false);
    dog.wait();
    clock.advance(80);
    dog.wait();
    clock.advance(99);
    expect(lateAt).toEqual([]);
    clock.advance(1);
    expect(lateAt).toEqual([180]);
    dog.rest();
    clock.advance(1000);
    expect(lateAt).toEqual([180]);
  });

  it('ends the wait under way, and every later one, with the first error', async () => {
    const { dog } = watching(false);
    const waiting = dog.watch(new Promise(() => undefined));
    dog.fail(new Error('first'));
    dog.fail(new Error('second'));
    await expect(waiting).rejects.toThrow('first');
    await expect(dog.watch(Promise.resolve(1))).rejects.toThrow('first');
  });

  it('settles as what is made of an end does, be it a value, an error or a failure from outside', async () => {
    const { dog } = watching(false);
    const reading = {
      onValue: (value: number) => {
        if (value < 0) throw new Error('unreadable');
        return `read ${value}`;
      },
      onError: (error: unknown) => {
        throw new Error(`seen: ${(error as Error).message}`);
      },
    };
    await expect(dog.watch(Promise.resolve(1), reading)).resolves.toBe('read 1');
    await expect(dog.watch(Promise.resolve(-1), reading)).rejects.toThrow('unreadable');
    await expect(dog.watch(Promise.reject(new Error('gone')), reading)).rejects.toThrow('seen: gone');
    const waiting = dog.watch(new Promise<number>(() => undefined), reading);
    dog.fail(new Error('late'));
    await expect(waiting).rejects.toThrow('seen: late');
    await expect(dog.watch(Promise.resolve(1), reading)).rejects.toThrow('seen: late');
  });

  it('passes on what the work says, and sleeps while nobody waits', async () => {
    const { clock, lateAt, dog } = watching(false);
    await expect(dog.watch(Promise.resolve(1))).resolves.toBe(1);
    await expect(dog.watch(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    clock.advance(1000);
    await new Promise(setImmediate);
    expect(lateAt).toEqual([]);
  });

  it('leaves no sleeper behind when it is stopped', async () => {
    const { clock, lateAt, dog } = watching();
    void dog.watch(new Promise(() => undefined));
    dog.stop();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([clock.now(), lateAt]).toEqual([0, []]);
  });
});
