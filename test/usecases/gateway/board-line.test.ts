import { expect, it } from 'vitest';
import { availabilitySchema } from '#contract/http.ts';
import { aGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { BoardLine } from '#usecases/gateway/board-line.ts';

const { signal } = new AbortController();

/** Work that ends when it is told to. */
function aLine() {
  const line = new BoardLine();
  const begun: string[] = [];
  const endings: (() => void)[] = [];
  const take = (who: string, name = who, given: AbortSignal = signal) =>
    line.take({ who, signal: given }, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => endings.push(resolve));
      return name;
    });
  const endOne = async () => {
    await expect.poll(() => endings.length).toBeGreaterThan(0);
    endings.shift()?.();
  };
  return { line, take, begun, endOne };
}

it('has one at a time its turn, in the order in which they came', async () => {
  const { take, begun, endOne } = aLine();
  const all = ['a', 'b', 'c'].map((name) => take(name));
  await expect.poll(() => begun).toEqual(['a']);
  for (const name of ['a', 'b', 'c']) {
    expect(begun.at(-1)).toBe(name);
    await endOne();
    await all[begun.length - 1];
    await expect.poll(() => begun.length).toBe(Math.min(3, 'abc'.indexOf(name) + 2));
  }
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

it('goes on after work that failed, and past callers that have left', async () => {
  const { line, take, begun, endOne } = aLine();
  const failed = line.take({ who: 'a', signal }, () => Promise.reject(new Error('down')));
  const left = take('b', 'b', AbortSignal.abort());
  const next = take('c');
  await expect(failed).rejects.toThrow('down');
  expect(await left).toBeUndefined();
  await endOne();
  expect([await next, begun]).toEqual(['c', ['c']]);
});

it('holds eight of one viewer and thirty-two in all, and has their places again when they are done', async () => {
  const { take, endOne } = aLine();
  const standing = Array.from({ length: 8 }, (_, place) => take('one', `one ${place}`));
  expect(await take('one')).toBeUndefined();
  for (const who of ['two', 'three', 'four'])
    standing.push(...Array.from({ length: 8 }, (_, place) => take(who, `${who} ${place}`)));
  expect(await take('five')).toBeUndefined();
  await endOne();
  await standing[0];
  const late = take('five');
  for (let left = 0; left < 32; left += 1) await endOne();
  expect([await late, (await Promise.all(standing)).length]).toEqual(['five', 32]);
});

it('is stood in by who asks for availability, its past and its changes: the tables are read for one of them', async () => {
  const world = aGateway();
  let [reading, most] = [0, 0];
  const opened = Promise.withResolvers<void>();
  const loadAll = async () => {
    reading += 1;
    most = Math.max(most, reading);
    await opened.promise;
    const all = await world.observations.loadAll();
    reading -= 1;
    return all;
  };
  const { get } = aGateway({
    overrides: {
      // Nothing is given up while it waits.
      clock: createVirtualClock(gatewayStart, { leap: false }),
      observations: { ...world.observations, loadAll },
    },
  });
  const paths = ['availability', 'availability/changes', 'availability?at=2026-11-21T07:00:00Z'];
  const asked = Array.from({ length: 12 }, (_, index) => get(`/spillway/v1/${paths[index % paths.length]}`));
  // Whoever may not stand in line is told so while the first one is still read for.
  let refused = 0;
  for (const each of asked) void each.then(() => (refused += 1));
  await expect.poll(() => refused).toBe(4);
  opened.resolve();
  const answers = await Promise.all(asked);
  expect(most).toBe(1);
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(8).fill(200), ...Array(4).fill(429)]);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('2');
  expect(availabilitySchema.parse(await (await get('/spillway/v1/availability')).json()).targets).toEqual([]);
});
