import { expect, it } from 'vitest';
import type { RouteChanges } from '#contract/route-history.ts';
import { authorOf, changeLines, changeSummary } from '../../../console/routes/read-changes.ts';

const changes = (some: Partial<RouteChanges> = {}): RouteChanges => ({
  added: [],
  removed: [],
  changed: [],
  detailed: [],
  reordered: false,
  hidden: 0,
  ...some,
});

it('says each change with a mark that needs no colour, and the hidden ones by their number', () => {
  const all = changes({
    added: ['a'],
    removed: ['b'],
    changed: [{ target: 'c', before: 'available', after: 'legacy' }],
    detailed: [{ target: 'd', members: ['pricing', 'share'] }],
    reordered: true,
    hidden: 1,
  });
  expect(changeLines(all).map(({ mark, text }) => `${mark} ${text}`)).toEqual([
    '+ a',
    '− b',
    '~ c: available → legacy',
    '~ d: other pricing, share',
    '~ another order',
    '~ 1 change of targets outside your residencies',
  ]);
  expect(changeSummary(all)).toBe('+1 −1 ~2 another order 1 not shown');
  expect(changeSummary(changes())).toBe('same targets');
  expect(changeSummary(undefined)).toBe('what came before is not kept');
  expect([authorOf({}), authorOf({ by: 'ada' })]).toEqual(['plan', 'ada']);
});
