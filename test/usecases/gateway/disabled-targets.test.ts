import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createDisabledTargets } from '#usecases/gateway/disabled-targets.ts';

const start = Date.UTC(2026, 10, 21, 8);
const entry = {
  target: 'a',
  region: 'eu-west-1',
  by: 'ada',
  reason: 'r',
  until: new Date(start + 3_600_000).toISOString(),
};

function world(controls?: { load: () => Promise<(typeof entry)[]> }) {
  const clock = createVirtualClock(start, { leap: true });
  const events: string[] = [];
  const table = { load: async () => [entry] as (typeof entry)[] };
  const targets = createDisabledTargets({
    operatorWords: { loadDisabled: () => table.load() },
    ...(controls === undefined ? {} : { controls: { loadDisabled: () => controls.load() } }),
    clock,
    log: { write: (_level, event) => void events.push(event) },
    metrics: { record: () => undefined, ejected: () => undefined, count: (event) => void events.push(event) },
  });
  return { clock, events, table, targets };
}

describe('what operators switched off', () => {
  it('is as the table last said, and ends by the clock', async () => {
    const { targets, clock, table } = world();
    expect([...targets.at(clock.now())]).toEqual([]);
    await targets.refresh();
    expect([...targets.at(clock.now())]).toEqual(['a']);
    expect([...targets.at(start + 3_600_000)]).toEqual([]);
    table.load = async () => [];
    await targets.refresh();
    expect([...targets.at(clock.now())]).toEqual([]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('stands while the table %s, and operators are told once', async (_, load) => {
    const { targets, clock, table, events } = world();
    await targets.refresh();
    table.load = load;
    await targets.refresh();
    await targets.refresh();
    expect([...targets.at(start)]).toEqual(['a']);
    expect([...targets.at(clock.now())]).toEqual(['a']);
    expect(events).toEqual(['disabled-targets-refresh-failed', 'refresh-failed', 'refresh-failed']);
  });

  it('is what the last process knew until the table has answered, and then never again', async () => {
    const { targets, table } = world();
    targets.restore([{ ...entry, target: 'kept' }]);
    table.load = () => Promise.reject(new Error('down'));
    await targets.refresh();
    expect([...targets.at(start)]).toEqual(['kept']);
    table.load = async () => [entry];
    await targets.refresh();
    targets.restore([{ ...entry, target: 'kept' }]);
    expect(targets.all()).toEqual([entry]);
  });

  it('is what a read that began later saw, however late an earlier one ends', async () => {
    const { targets, table } = world();
    let answer: (entries: (typeof entry)[]) => void = () => undefined;
    table.load = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const early = targets.refresh();
    table.load = async () => [entry];
    await targets.refresh();
    answer([]);
    await early;
    expect(targets.all()).toEqual([entry]);
  });
});

describe('what operators switched off, where a strongly consistent set says it too', () => {
  const other = { ...entry, target: 'b' };

  it('is what either of both says, and a word of both once', async () => {
    const { targets } = world({ load: async () => [entry, other] });
    await targets.refresh();
    expect(targets.all()).toEqual([entry, other]);
  });

  it.each(['operatorWords', 'controls'] as const)(
    'stands while %s fail, and the other is still believed',
    async (failing) => {
      const controls = { load: async () => [other] };
      const { targets, table, clock, events } = world(controls);
      await targets.refresh();
      const sound = failing === 'controls' ? table : controls;
      const broken = failing === 'controls' ? controls : table;
      broken.load = () => Promise.reject(new Error('down'));
      sound.load = async () => [{ ...entry, target: 'news' }];
      await targets.refresh();
      const stays = failing === 'controls' ? 'b' : 'a';
      expect([...targets.at(clock.now())].sort()).toEqual([stays, 'news'].sort());
      expect(events).toEqual(['disabled-targets-refresh-failed', 'refresh-failed']);
    },
  );

  it('is what the last process knew until both have answered', async () => {
    const controls = { load: () => Promise.reject<(typeof entry)[]>(new Error('down')) };
    const { targets } = world(controls);
    targets.restore([{ ...entry, target: 'kept' }]);
    await targets.refresh();
    expect(targets.all().map(({ target }) => target)).toEqual(['kept', 'a']);
    controls.load = async () => [];
    await targets.refresh();
    expect(targets.all()).toEqual([entry]);
  });
});
