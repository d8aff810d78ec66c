import { describe, expect, it } from 'vitest';
import { lineSettings } from '#core/queue/waiting-line.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock, type VirtualClock } from '#test/builders/virtual-clock.ts';
import type { SlotWait, WaitEnd } from '#usecases/gateway/lane-queue.ts';
import { TargetLine } from '#usecases/gateway/target-line.ts';
import type { LeaseAnswer } from '#usecases/ports/capacity-ledger.ts';

const settings = lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } });
const full: LeaseAnswer = { granted: false, reason: 'full' };

/** A target with so many free slots, of which `reserved` are kept from lanes below interactive. */
function world(free: number, { remote = false, reserved = 0 } = {}) {
  let timers = 0;
  const virtual = createVirtualClock(0, { leap: false });
  const clock: VirtualClock = {
    ...virtual,
    after: (milliseconds, action) => {
      timers += 1;
      let armed = true;
      const disarm = (): void => {
        if (armed) timers -= 1;
        armed = false;
      };
      const stop = virtual.after(milliseconds, () => {
        disarm();
        action();
      });
      return () => {
        disarm();
        stop();
      };
    },
  };
  const line = new TargetLine({ clock, random: createSeededRandom(1), settings });
  const state = { free, asked: 0 };
  const acquire = (lane: string): LeaseAnswer => {
    state.asked += 1;
    if (state.free <= (lane === 'interactive' ? 0 : reserved)) return full;
    state.free -= 1;
    return { granted: true, expiresAt: 30_000 };
  };
  const giveBack = (): void => {
    state.free += 1;
    line.giveTurns();
  };
  const ended: string[] = [];
  const ask = (name: string, own: Partial<SlotWait> = {}): WaitEnd | Promise<WaitEnd> => {
    const end = line.wait({
      lane: 'interactive',
      tenant: 'one',
      work: 1,
      startBy: 60_000,
      firstContentMs: 5000,
      waitShareMax: 0.1,
      elsewhere: true,
      acquire: remote ? (lane) => Promise.resolve().then(() => acquire(lane)) : acquire,
      giveBack,
      ...own,
    });
    void Promise.resolve(end).then((known) =>
      ended.push(`${name} ${known.kind}${known.kind === 'spill' ? ` ${known.reason}` : ''}`),
    );
    return end;
  };
  return { clock, line, state, ask, ended, free: giveBack, timers: () => timers };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a call that finds a slot', () => {
  it('has it at once, without a promise, a timer or a place in the line', () => {
    const { ask, timers, line } = world(1);
    expect(ask('one')).toEqual({ kind: 'granted', expiresAt: 30_000, waitedMs: 0 });
    expect([timers(), line.waiting]).toEqual([0, 0]);
  });

  it('passes nobody who waits before it', async () => {
    const { ask, ended, state, free } = world(0);
    ask('first');
    state.free = 1;
    ask('second');
    ask('below', { lane: 'bulk' });
    expect(state.asked).toBe(1);
    state.free = 0;
    free();
    await settled();
    expect(ended).toEqual(['first granted']);
  });
});

describe('a call that waits', () => {
  it('is woken by a slot that is given back, a higher lane first', async () => {
    const { ask, ended, free, timers } = world(0);
    ask('bulk', { lane: 'bulk' });
    ask('standard', { lane: 'standard' });
    ask('interactive');
    for (let slot = 0; slot < 3; slot += 1) free();
    await settled();
    expect(ended).toEqual(['interactive granted', 'standard granted', 'bulk granted']);
    expect(timers()).toBe(0);
  });

  it('finds a slot that another process gave back, by asking again', async () => {
    const { ask, ended, state, clock, timers } = world(0);
    ask('one');
    state.free = 1;
    clock.advance(75);
    await settled();
    expect(ended).toEqual(['one granted']);
    expect(timers()).toBe(0);
  });

  it('goes elsewhere after a tenth of its time to the first content', async () => {
    const { ask, ended, clock, timers, line } = world(0);
    ask('one');
    clock.advance(499);
    await settled();
    expect(ended).toEqual([]);
    clock.advance(1);
    await settled();
    expect(ended).toEqual(['one spill waited-enough']);
    expect([timers(), line.waiting]).toEqual([0, 0]);
  });

  it('waits for its deadline where nobody else may answer, and expires', async () => {
    const { ask, ended, clock } = world(0);
    ask('bound', { elsewhere: false, startBy: 3000 });
    ask('late', { startBy: 0 });
    clock.advance(2999);
    await settled();
    expect(ended).toEqual(['late expired']);
    clock.advance(1);
    await settled();
    expect(ended).toEqual(['late expired', 'bound expired']);
  });

  it('leaves with its caller at once, and takes no slot', async () => {
    const { ask, ended, free, state, timers, line } = world(0);
    const caller = new AbortController();
    ask('gone', { signal: caller.signal });
    ask('stays');
    caller.abort();
    expect(line.waiting).toBe(1);
    free();
    await settled();
    expect(ended).toEqual(['gone left', 'stays granted']);
    expect([state.free, timers()]).toEqual([0, 0]);
    expect(ask('gone already', { signal: caller.signal })).toEqual({ kind: 'left' });
  });

  it('is told at once where the call can never fit', async () => {
    const { ask, ended, free } = world(0);
    expect(ask('first', { acquire: () => ({ granted: false, reason: 'never-fits' }) })).toEqual({
      kind: 'never-fits',
    });
    const answers: LeaseAnswer[] = [full, { granted: false, reason: 'never-fits' }];
    ask('large', { acquire: () => answers.shift() ?? full });
    ask('next');
    free();
    await settled();
    expect(ended).toEqual(['first never-fits', 'large never-fits', 'next granted']);
  });

  it('goes elsewhere at once when its turn would come too late', async () => {
    const { ask, ended, clock, free } = world(0);
    for (let call = 0; call < 5; call += 1) ask(`call ${call}`);
    for (let turn = 0; turn < 3; turn += 1) {
      clock.advance(100);
      free();
      await settled();
    }
    ended.length = 0;
    for (let call = 5; call < 11; call += 1) ask(`call ${call}`);
    await settled();
    // A turn each 100 ms: the fifth after those two has 500 ms, the sixth would have 600.
    expect(ended).toEqual(['call 8', 'call 9', 'call 10'].map((name) => `${name} spill hopeless`));
  });

  it('has a floor below lanes that never wait, and the last slots then too', async () => {
    const { ask, ended, state } = world(3, { reserved: 3 });
    ask('bulk', { lane: 'bulk' });
    for (let call = 0; call < 10; call += 1) {
      ask(`call ${call}`);
      state.free += 1;
    }
    await settled();
    expect(ended.filter((end) => end.startsWith('bulk'))).toEqual(['bulk granted']);
    expect(ended.filter((end) => end.endsWith('granted'))).toHaveLength(11);
  });
});

describe('a ledger that has to be asked over the network', () => {
  it('gives a turn to one at a time, and to all for whom there is a slot', async () => {
    const { ask, ended, state, free } = world(0, { remote: true });
    ask('one');
    ask('two');
    ask('three');
    await settled();
    state.free = 1;
    free();
    free();
    await settled();
    expect(ended).toEqual(['one granted', 'two granted', 'three granted']);
  });

  it('is given back what it granted to somebody who had left', async () => {
    const { ask, ended, state } = world(1, { remote: true });
    const caller = new AbortController();
    ask('at once', { signal: caller.signal });
    caller.abort();
    await settled();
    expect(ended).toEqual(['at once left']);
    expect(state.free).toBe(1);
    state.free = 0;
    const other = new AbortController();
    ask('in turn', { signal: other.signal });
    await settled();
    state.free = 0;
    const { line } = { line: state };
    expect(line.free).toBe(0);
    other.abort();
    await settled();
    expect(ended).toEqual(['at once left', 'in turn left']);
  });

  it('is given back what it granted to somebody who left while it was asked, and the next one has it', async () => {
    const { ask, ended, state, line } = world(0, { remote: true });
    const caller = new AbortController();
    ask('leaves', { signal: caller.signal });
    ask('stays');
    await settled();
    state.free = 1;
    line.giveTurns();
    caller.abort();
    await settled();
    expect(ended).toEqual(['leaves left', 'stays granted']);
    expect(state.free).toBe(0);
  });
});

it('keeps every call of a random crowd: each ends once, no slot is lost, no timer is left', async () => {
  const random = createSeededRandom(20261121);
  for (const remote of [false, true]) {
    const { ask, ended, clock, state, free, timers, line } = world(4, { remote, reserved: 1 });
    let held = 0;
    const lanes = ['interactive', 'standard', 'bulk'] as const;
    for (let call = 0; call < 400; call += 1) {
      const caller = new AbortController();
      const end = ask(`call ${call}`, {
        lane: lanes[Math.floor(random.next() * 3)] ?? 'bulk',
        tenant: `tenant-${Math.floor(random.next() * 6)}`,
        startBy: clock.now() + random.next() * 2000,
        elsewhere: random.next() < 0.8,
        signal: caller.signal,
      });
      void Promise.resolve(end).then(({ kind }) => {
        if (kind === 'granted') held += 1;
      });
      if (random.next() < 0.15) caller.abort();
      if (random.next() < 0.5) clock.advance(random.next() * 60);
      if (call % 7 === 0) await settled();
      if (held > 0 && random.next() < 0.8) {
        held -= 1;
        free();
      }
    }
    await settled();
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1000);
      await settled();
    }
    expect(ended).toHaveLength(400);
    expect(new Set(ended.map((end) => end.split(' ')[1])).size).toBe(400);
    expect(state.free + held).toBe(4);
    expect([timers(), line.waiting]).toEqual([0, 0]);
  }
});
