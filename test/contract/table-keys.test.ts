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
