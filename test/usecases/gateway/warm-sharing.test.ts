import { describe, expect, it } from 'vitest';
import { createMemoryWarmStore } from '#adapters/memory/memory-warm-store.ts';
import type { WarmWord } from '#core/warmth/warm-word.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createWarmSharing } from '#usecases/gateway/warm-sharing.ts';
import type { GatewayEvent } from '#usecases/ports/gateway-metrics.ts';
import type { WarmStore } from '#usecases/ports/warm-store.ts';

const target = aDedicatedTarget();

function world(bend: Partial<WarmStore> = {}) {
  const clock = createVirtualClock(gatewayStart, { leap: false });
  const store = createMemoryWarmStore();
  const lines: string[] = [];
  const events: GatewayEvent[] = [];
  const open = () => {
    const heard: WarmWord[] = [];
    const sharing = createWarmSharing({
      warmth: { ...store, ...bend },
      onWord: (word) => void heard.push(word),
      clock,
      log: { write: (_, event) => void lines.push(event) },
      metrics: {
        record: () => undefined,
        ejected: () => undefined,
        count: (event) => void events.push(event),
      },
      behind: { add: () => undefined },
    });
    return { ...sharing, sharing, heard };
  };
  const told = () => store.told.map(({ kind, at }) => [kind, at - gatewayStart]);
  return { clock, store, lines, events, open, told };
}

describe('what a process tells of a sleeping target', () => {
  it('is that it is cold, every few seconds at most, and its first answer after that', () => {
    const { open, told, clock } = world();
    const { sharing } = open();
    sharing.answered(target);
    sharing.wentCold(target);
    sharing.wentCold(target);
    clock.advance(5_000);
    sharing.wentCold(target);
    sharing.answered(target);
    sharing.answered(target);
    expect(told()).toEqual([
      ['cold', 0],
      ['cold', 5_000],
      ['awake', 5_000],
    ]);
  });

  it('is that it has woken', () => {
    const { open, told, store } = world();
    open().sharing.woke(target);
    expect(told()).toEqual([['awake', 0]]);
    expect(store.told[0]).toMatchObject({ target: target.id, pool: target.quotaPool });
  });

  it('is heard once by the others, while it is believed, and its answer is told by whoever gets it', async () => {
    const { open, clock, told } = world();
    const [one, other] = [open(), open()];
    one.sharing.wentCold(target);
    for (let read = 0; read < 2; read += 1) {
      await one.sharing.refresh();
      await other.sharing.refresh();
    }
    expect([one.heard, other.heard.map(({ kind }) => kind)]).toEqual([[], ['cold']]);
    clock.advance(1_000);
    other.sharing.answered(target);
    await one.sharing.refresh();
    expect(one.heard.map(({ kind }) => kind)).toEqual(['awake']);
    expect(told()).toEqual([
      ['cold', 0],
      ['awake', 1_000],
    ]);
    clock.advance(120_000);
    const late = open();
    await late.sharing.refresh();
    await one.sharing.refresh();
    expect(late.heard).toEqual([]);
  });
});

describe('a table that is away', () => {
  const away = () => Promise.reject(new Error('the table is away'));

  it('is counted each time and logged once, and nobody hears of it', async () => {
    const { open, lines, events } = world({ load: away, tell: away });
    const { sharing, heard } = open();
    await sharing.refresh();
    sharing.wentCold(target);
    await sharing.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    expect([heard, lines]).toEqual([[], ['warmth-sharing-failed']]);
    expect(events).toEqual(['learning-unshared', 'learning-unshared', 'learning-unshared']);
  });
});

it('counts words that cannot be read', async () => {
  const { open, events } = world({ load: async () => ({ words: [], badWords: 2 }) });
  await open().sharing.refresh();
  expect(events).toEqual(['bad-learned-item']);
});

it('tells nobody where there is no table', async () => {
  const nothing = { write: () => undefined };
  const sharing = createWarmSharing({
    onWord: () => expect.fail('nobody told anything'),
    clock: createVirtualClock(gatewayStart),
    log: nothing,
    metrics: {
      record: () => undefined,
      ejected: () => undefined,
      count: () => expect.fail('nothing failed'),
    },
    behind: { add: () => expect.fail('there is nothing to write') },
  });
  sharing.wentCold(target);
  sharing.answered(target);
  sharing.woke(target);
  expect(await sharing.refresh()).toBeUndefined();
});
