import { describe, expect, it } from 'vitest';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { buildBoard } from '../../../console/availability/board.ts';
import {
  filterFrom,
  filterTargets,
  onlyGaps,
  queryOf,
} from '../../../console/availability/filter-targets.ts';

const now = Date.UTC(2026, 10, 22);
const all = filterFrom(new URLSearchParams());
const targets = [
  anAvailabilityTarget({
    region: 'us-east-1',
    modelId: 'anthropic.claude-v1:0',
    since: '2026-11-21T12:00:00Z',
  }),
  anAvailabilityTarget({
    region: 'eu-west-1',
    modelId: 'anthropic.claude-v1:0',
    profileId: 'eu.anthropic.claude-v1:0',
    since: '2026-11-17T12:00:00Z',
    state: 'no-agreement',
  }),
  anAvailabilityTarget({ region: 'eu-west-1', model: 'chat', since: '2026-10-01T00:00:00Z' }),
];
const count = (filter: Partial<typeof all>) => filterTargets(targets, { ...all, ...filter }, now).length;

describe('what is shown', () => {
  it.each([
    [{}, 3],
    [{ search: 'anthropic.*' }, 2],
    [{ search: 'ANTHROPIC*v1' }, 2],
    [{ search: 'eu.anthropic' }, 1],
    [{ search: 'chat' }, 1],
    [{ search: ' * ' }, 3],
    [{ search: 'v1*anthropic' }, 0],
    [{ region: 'eu-west-1' }, 2],
    [{ account: '999999999999' }, 0],
    [{ show: 'day' as const }, 1],
    [{ show: 'week' as const }, 2],
  ])('%o leaves %i', (filter, expected) => {
    expect(count(filter)).toBe(expected);
  });

  it('is said by the address and read from it again, without what is usual', () => {
    const filter = {
      search: 'a*&=b',
      region: 'eu-west-1',
      account: '',
      show: 'gaps',
      grouping: 'account',
    } as const;
    expect(filterFrom(new URLSearchParams(queryOf(filter).toString()))).toEqual(filter);
    expect(queryOf(all).toString()).toBe('');
    expect(filterFrom(new URLSearchParams('show=nonsense&by=nonsense'))).toEqual(all);
  });

  it('can be the lines alone in which something could be repaired', () => {
    const { lines } = onlyGaps(buildBoard(targets, targets, 'provider'));
    expect(
      lines.map((line) => (line.kind === 'group' ? `${line.title} ${line.count}` : line.row.name)),
    ).toEqual(['Anthropic 1', 'anthropic.claude-v1:0']);
  });
});
