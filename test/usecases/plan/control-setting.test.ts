import { expect, it } from 'vitest';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';

it('the example is resolved: places, tracked models, dedicated targets, baselines', () => {
  const setting = controlSetting(
    acmeConfig({ discovery: { tracked: ['another.model-v1:0'] } }),
    shippedFacts,
  );
  expect(setting.accountRegions).toHaveLength(10);
  expect([...setting.tracked]).toContain('another.model-v1:0');
  expect(setting.tracked.size).toBe(4);
  expect(setting.dedicatedIn('111111111111', 'us-east-1')).toMatchObject([{ endpoint: 'chat-small' }]);
  expect(setting.dedicatedIn('111111111111', 'us-east-2')).toEqual([]);
  expect(setting.baselineOf('chat-large', 'eu').map((target) => target.region)).toEqual([
    'eu-central-1',
    'eu-west-1',
  ]);
  expect(setting.guard).toEqual({ vanishShareMax: 0.3, ageMsMax: 900_000 });
});

it('a region that only a dedicated target names is observed too', () => {
  const model = {
    candidates: [],
    dedicated: [{ account: '111111111111', region: 'us-west-1', endpoint: 'gpu' }],
  };
  const { accountRegions } = controlSetting(acmeConfig({ models: { own: model } }), shippedFacts);
  expect(accountRegions).toContainEqual({ account: '111111111111', region: 'us-west-1' });
});
