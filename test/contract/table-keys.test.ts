import { expect, it } from 'vitest';
import * as keys from '#contract/table-keys.ts';

it('keys are spelled as the public contract says', () => {
  expect(keys.historyPartition('chat')).toBe('history#chat');
  expect(keys.historySort('us', 7)).toBe('us#00000007');
  expect(keys.controlPartition('us-east-1')).toBe('#control#us-east-1');
  expect(keys.signalPartition('us-east-1')).toBe('#signals#us-east-1');
  expect([keys.healthPartition, keys.healthSort('us-east-1', 'a/b/c')]).toEqual([
    '#health',
    'us-east-1#a/b/c',
  ]);
  expect(keys.observationPartition('111111111111', 'us-east-1')).toBe('111111111111#us-east-1');
  expect(keys.observationItems).toEqual({ targets: 'targets', heartbeat: 'heartbeat' });
  expect(keys.changeSort('2026-08-21T00:00:00.000Z', 'a/b/c')).toBe('change#2026-08-21T00:00:00.000Z#a/b/c');
});

it('versions order as text', () => {
  const sorts = [99_999_999, 10, 9, 100].map((version) => keys.historySort('us', version)).sort();
  expect(sorts).toEqual(['us#00000009', 'us#00000010', 'us#00000100', 'us#99999999']);
});

it('a report comes after its heartbeat, and changes before both: one query reads the two', () => {
  const { targets, heartbeat } = keys.observationItems;
  expect([targets, heartbeat, keys.changeSort('9', 'z')].sort()).toEqual(['change#9#z', heartbeat, targets]);
});

it('all changes from a time on lie between two keys, and nothing else does', () => {
  const { sortFrom, sortTo } = keys.changeSortsFrom('2026-08-21T00:00:00.000Z');
  const within = (sort: string): boolean => sort >= sortFrom && sort <= sortTo;
  const at = (time: string) => within(keys.changeSort(time, 'a'));
  expect(
    ['2026-08-20T23:59:59.999Z', '2026-08-21T00:00:00.000Z', '9999-12-31T00:00:00.000Z'].map(at),
  ).toEqual([false, true, true]);
  expect(Object.values(keys.observationItems).map(within)).toEqual([false, false]);
  expect(keys.parseChangeSort(keys.changeSort('2026-08-21T00:00:00.001Z', 'a/b/c#d'))).toEqual({
    at: Date.UTC(2026, 7, 21, 0, 0, 0, 1),
    target: 'a/b/c#d',
  });
  for (const sort of ['change#soon#a', 'change#', 'targets'])
    expect(keys.parseChangeSort(sort)).toBe(undefined);
});
