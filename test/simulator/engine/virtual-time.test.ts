import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';

const startMs = Date.UTC(2026, 10, 22);

function aTime() {
  const time = new VirtualTime(startMs);
  const said: string[] = [];
  const say = (what: string) => () => void said.push(`${what} at ${time.elapsedMs}`);
  return { time, said, say };
}

/** Promises that wait for one another, as many as asked for. */
async function hops(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await Promise.resolve();
}

describe('virtual time', () => {
  it('goes from event to event, those of one moment in the order in which they were planned', async () => {
    const { time, said, say } = aTime();
    time.after(86_400_000, say('tomorrow'));
    time.after(20, say('second'));
    time.after(20, say('third'));
    time.after(10, say('first'));
    await time.run();
    expect(said).toEqual(['first at 10', 'second at 20', 'third at 20', 'tomorrow at 86400000']);
    expect(time.nowMs).toBe(startMs + 86_400_000);
    expect([time.happened, time.planned]).toEqual([4, 0]);
  });

  it('stands still until every promise has settled that can', async () => {
    const { time, said, say } = aTime();
    time.after(10, async () => {
      await hops(200);
      say('after two hundred promises')();
    });
    time.after(10, say('next'));
    await time.run();
    expect(said).toEqual(['after two hundred promises at 10', 'next at 10']);
  });

  it('waits for nobody where an action says that it moved no promise', async () => {
    const { time, said, say } = aTime();
    time.after(10, () => {
      void hops(3).then(say('promise'));
      return false;
    });
    time.after(10, say('next'));
    await time.run();
    expect(said).toEqual(['next at 10', 'promise at 10']);
  });

  it('does in its turn what is planned for a moment that has passed', async () => {
    const { time, said, say } = aTime();
    time.after(10, () => {
      time.at(startMs, say('late'));
      say('now')();
    });
    time.after(10, say('planned before'));
    await time.run();
    expect(said).toEqual(['now at 10', 'planned before at 10', 'late at 10']);
  });

  it('does nothing that was cancelled', async () => {
    const { time, said, say } = aTime();
    const cancel = time.after(10, say('cancelled'));
    time.after(5, () => cancel());
    await time.run();
    expect(said).toEqual([]);
    expect(time.elapsedMs).toBe(5);
  });

  it('stops at the moment it is told, with what is later still planned', async () => {
    const { time, said, say } = aTime();
    time.after(10, say('due'));
    time.after(11, say('later'));
    await time.run(startMs + 10);
    expect([said, time.elapsedMs, time.planned]).toEqual([['due at 10'], 10, 1]);
    await time.run(startMs + 10.5);
    expect(time.elapsedMs).toBe(10.5);
    await time.run();
    expect(said).toEqual(['due at 10', 'later at 11']);
  });

  it('fails with what an action throws, and goes on after it', async () => {
    const { time, said, say } = aTime();
    time.after(1, () => {
      throw new Error('planted');
    });
    time.after(2, say('after it'));
    await expect(time.run()).rejects.toThrow('planted');
    await time.run();
    expect(said).toEqual(['after it at 2']);
  });

  it('fails where a moment never ends, instead of going round for ever', async () => {
    const { time } = aTime();
    const again = (): false => {
      time.after(0, again);
      return false;
    };
    time.after(7, again);
    await expect(time.run()).rejects.toThrow('time stands still');
    expect(time.elapsedMs).toBe(7);
  });
});

describe('a clock of virtual time', () => {
  it('is ahead by its skew, in whole milliseconds, and measures as all others do', async () => {
    const { time } = aTime();
    const [right, ahead, behind] = [time.clock(), time.clock(2_000), time.clock(-2_000)];
    time.after(0.75, () => undefined);
    await time.run();
    expect([right.now(), ahead.now(), behind.now()]).toEqual([startMs, startMs + 2_000, startMs - 2_000]);
    expect([ahead.monotonicMs(), behind.monotonicMs()]).toEqual([0.75, 0.75]);
  });

  it('sleeps as long as it is told', async () => {
    const { time, said, say } = aTime();
    void time.clock(500).sleep(30).then(say('awake'));
    await time.run();
    expect(said).toEqual(['awake at 30']);
  });

  it.each([
    ['before it sleeps', 0],
    ['while it sleeps', 12],
  ])('is woken by a signal that aborts %s', async (_, abortMs) => {
    const { time, said, say } = aTime();
    const stop = new AbortController();
    const reason = new Error('woken');
    if (abortMs === 0) stop.abort(reason);
    else time.after(abortMs, () => stop.abort(reason));
    const sleeping = time.clock().sleep(30, stop.signal);
    void sleeping.catch(say('woken'));
    await time.run();
    await expect(sleeping).rejects.toBe(reason);
    expect(said).toEqual([`woken at ${abortMs}`]);
    expect(time.elapsedMs).toBe(abortMs);
  });

  it('leaves nothing on a signal that outlives the sleep', async () => {
    const { time } = aTime();
    const signal = new AbortController().signal;
    void time.clock().sleep(5, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await time.run();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
