import { expect, it } from 'vitest';
import { checkLimits } from '#core/config/check-limits.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

it('names every limit that cannot hold, at once', () => {
  const config = acmeConfig();
  const [demo] = Object.values(config.tenants);
  if (demo === undefined) throw new Error('the example has a tenant');
  const limits = {
    requestsPerMinute: 3,
    tokensPerMinute: 4,
    models: { nothing: { requestsPerMinute: 8 }, embed: { tokensPerMinute: 2 } },
  };
  const narrow = { ...demo, residencies: ['frankfurt'], models: ['embed'], limits: { requestsPerMinute: 1 } };
  const foreign = { ...narrow, limits: { models: { 'chat-small': { requestsPerMinute: 5 } } } };
  const tenants = { demo: { ...demo, limits }, narrow, foreign };
  const { errors } = checkLimits({ ...config, tenants }, shippedFacts);
  expect(errors).toEqual([
    {
      path: 'tenants.demo.limits.requestsPerMinute',
      message: '3 cannot be divided among the 4 gateways that may serve the tenant; want 4 or more',
    },
    {
      path: 'tenants.demo.limits.models.nothing',
      message: 'there is no model "nothing"; there are chat-large, chat-small, embed',
    },
    {
      path: 'tenants.demo.limits.models.embed.tokensPerMinute',
      message: '2 cannot be divided among the 4 gateways that may serve the tenant; want 4 or more',
    },
    {
      path: 'tenants.foreign.limits.models.chat-small',
      message: '"chat-small" is not among the tenant\'s models, embed',
    },
  ]);
});
