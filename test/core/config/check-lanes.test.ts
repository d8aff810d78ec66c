import { expect, it } from 'vitest';
import { checkLanes } from '#core/config/check-lanes.ts';
import { acmeConfig } from '#test/builders/configs.ts';

it('finds nothing in the example', () => {
  expect(checkLanes(acmeConfig())).toEqual({ errors: [], warnings: [] });
});

it('names every lane that cannot be, at once', () => {
  const config = acmeConfig();
  const [demo] = Object.values(config.tenants);
  if (demo === undefined) throw new Error('the example has a tenant');
  const lanes = { ...config.lanes, bulk: { ...config.lanes.bulk, slotShareMin: 0.95 } };
  const tenants = {
    batches: { ...demo, lanes: ['bulk', 'standard', 'bulk'] as const, lane: 'interactive' as const },
    free: { ...demo, lane: 'bulk' as const },
    bound: { ...demo, lanes: ['bulk'] as const, lane: 'bulk' as const },
  };
  expect(checkLanes({ ...config, lanes, tenants }).errors).toEqual([
    {
      path: 'lanes.bulk.slotShareMin',
      message: '0.95 is more than standard, the lane above, is sure of; want 0.9 or less',
    },
    { path: 'tenants.batches.lanes[2]', message: '"bulk" is there already' },
    {
      path: 'tenants.batches.lane',
      message: '"interactive" is not among the tenant\'s lanes, bulk, standard, bulk',
    },
  ]);
});
