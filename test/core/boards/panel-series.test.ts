import { expect, it } from 'vitest';
import { percentiles, share, total, totalsBy } from '#core/boards/panel-series.ts';

it('a total hides what it adds up, and may turn it into another unit', () => {
  expect(total('a', 'calls', { metric: 'Failovers' })).toEqual([
    { kind: 'search', id: 'a', metric: 'Failovers', statistic: 'Sum', isHidden: true },
    { kind: 'formula', id: 'aTotal', label: 'calls', formula: 'SUM(a)' },
  ]);
  expect(total('a', 'calls', { metric: 'Cost', times: 12 })[1]).toMatchObject({ formula: '12 * SUM(a)' });
});

it('totals by a dimension keep what was asked for beside it', () => {
  const all = totalsBy('Tier', ['dedicated', 'baseline'], { metric: 'Cost', where: { Model: 'm' } });
  expect(all).toHaveLength(4);
  expect(all[2]).toMatchObject({ where: { Model: 'm', Tier: 'baseline' }, isHidden: true });
  expect(all[3]).toMatchObject({ label: 'baseline', formula: 'SUM(v1)' });
});

it('a share is nought where nothing of the part was published', () => {
  expect(share('spilled', { metric: 'Spilled' }, { metric: 'Requests' })[2]).toMatchObject({
    formula: '100 * FILL(SUM(part), 0) / SUM(whole)',
  });
});

it('percentiles are told apart by their names', () => {
  expect(percentiles('QueueWait', ['p50', 'p95']).map(({ id, label }) => [id, label])).toEqual([
    ['p50', 'p50'],
    ['p95', 'p95'],
  ]);
});
