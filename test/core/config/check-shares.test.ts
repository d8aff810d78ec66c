import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { checkConfig } from '#core/config/check-config.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const findingsOf = (shares: Readonly<Record<string, number>>): readonly string[] => {
  const place = { account: '111111111111', region: 'us-east-1' };
  const parsed = parseConfig({
    name: 'test',
    home: place,
    accounts: [{ id: '111111111111', regions: ['us-east-1', 'us-west-2', 'eu-west-1'] }],
    gateways: ['us-east-1', 'us-west-2', 'eu-west-1'],
    residencies: { us: { jurisdictions: ['US'] }, eu: { jurisdictions: ['EU'] } },
    models: { chat: { dedicated: [{ ...place, endpoint: 'gpu', shares }] } },
  });
  const found = parsed.ok ? checkConfig(parsed.config, shippedFacts).errors : parsed.violations;
  return found.map(({ path, message }) => `${path} ${message}`);
};

describe('the shares of a dedicated endpoint', () => {
  const path = 'models.chat.dedicated[0].shares';

  it('are of gateways that some residency lets use it', () => {
    expect(findingsOf({ 'us-east-1': 0.8, 'us-west-2': 0.2 })).toEqual([]);
    expect(findingsOf({ 'us-east-2': 0.1 })).toEqual([
      `${path}.us-east-2 us-east-2 runs no gateway; there are us-east-1, us-west-2, eu-west-1`,
    ]);
    expect(findingsOf({ 'eu-west-1': 0.1 })).toEqual([
      `${path}.eu-west-1 no residency lets a gateway in eu-west-1 use 111111111111/us-east-1/gpu; leave it out`,
    ]);
  });

  it('come to 1 at most, each from 0 to 1', () => {
    expect(findingsOf({ 'us-east-1': 0.8, 'us-west-2': 0.3 })).toEqual([
      `${path} the shares come to 1.1; must be 1 at most`,
    ]);
    expect(findingsOf({ 'us-east-1': 1.5 })[0]).toContain('must be a number from 0 to 1');
  });
});
