import { expect, it } from 'vitest';
import { readHistory, targetChanges } from '#core/plan/version-changes.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget({ region: 'us-east-1' });
const west = aTarget({ region: 'us-west-2' });
const ohio = aTarget({ region: 'us-east-2' });
const nothing = { added: [], removed: [], changed: [], detailed: [], reordered: false };

it('names what came, went, changed its state or another member, and another order of those that stayed', () => {
  expect(targetChanges([east, west], [east, west])).toEqual(nothing);
  expect(targetChanges([east, west], [ohio, west, east])).toEqual({
    ...nothing,
    added: [ohio.id],
    reordered: true,
  });
  const changes = targetChanges(
    [east, west, ohio],
    [
      { ...east, state: 'legacy', position: 3 },
      { ...ohio, position: 4, contextTokensMax: 7 },
    ],
  );
  expect(changes).toEqual({
    ...nothing,
    removed: [west.id],
    changed: [{ target: east.id, before: 'available', after: 'legacy' }],
    detailed: [{ target: ohio.id, members: ['contextTokensMax', 'position'] }],
  });
});

it('a member that is left out is none that differs from one that is undefined', () => {
  expect(targetChanges([{ ...east, copies: undefined }], [east])).toEqual(nothing);
});

it('reads a history newest first; what came before the oldest version is unknown, but of the first of all', () => {
  const first = aRoute({ version: 1, targets: [east] });
  const second = aRoute({ version: 2, targets: [east, west] });
  expect(readHistory([second, first]).map(({ route, changes }) => [route.version, changes?.added])).toEqual([
    [2, [west.id]],
    [1, [east.id]],
  ]);
  expect(readHistory([second])).toEqual([{ route: second, changes: undefined }]);
  expect(readHistory([])).toEqual([]);
});
