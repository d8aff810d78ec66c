import { describe, expect, it } from 'vitest';
import { checkConfig } from '#core/config/check-config.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts } from '#test/builders/facts.ts';

const legacy = 'ai21.jamba-1-5-mini-v1:0';

describe('the relations of a configuration', () => {
  it('hold in the default example, which says what will disappoint', () => {
    const { errors, warnings } = checkConfig(acmeConfig(), facts);
    expect(errors).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual([
      'residencies.us',
      'residencies.japan',
      'residencies.frankfurt',
      'residencies.frankfurt',
    ]);
    expect(warnings.at(-1)?.message).toBe(
      'no lawful baseline for chat-large, chat-small, embed: when nothing else answers, such requests fail',
    );
  });

  it('warn when metrics could cost more than their budget, with both figures', () => {
    const { warnings } = checkConfig(acmeConfig({ metrics: { budgetUsdPerMonth: 10 } }), facts);
    const warning = warnings.find(({ path }) => path === 'metrics.budgetUsdPerMonth');
    expect(warning?.message).toMatch(/up to USD \d+\.\d\d a month, the budget is 10/);
  });

  it('fail all at once, each with its path', () => {
    const config = acmeConfig({
      home: { account: '999999999999', region: 'us-east-1' },
      gateways: ['us-east-1', 'sa-east-1'],
      models: { chat: { candidates: [legacy], baseline: { us: ['us-east-1'] } } },
      tenants: { one: { residencies: ['mars'], models: ['nothing'] } },
      residencies: { us: { jurisdictions: ['US', 'ATLANTIS'] } },
    });
    expect(checkConfig(config, facts).errors.map(({ path }) => path)).toEqual([
      'home.account',
      'gateways[1]',
      'residencies.us.jurisdictions[1]',
      'tenants.one.residencies[0]',
      'tenants.one.models[0]',
      'models.chat.baseline.us[0]',
    ]);
  });

  it('make a baseline outside its residency an error, and a warning only where no fact can tell', () => {
    const config = acmeConfig({
      models: { chat: { candidates: ['amazon.nova-lite-v1:0'], baseline: { eu: ['us-east-1'] } } },
    });
    expect(checkConfig(config, facts).errors.map(({ path }) => path)).toEqual(['models.chat.baseline.eu[0]']);
    const unverified = checkConfig(config, emptyFacts);
    expect(unverified.errors).toEqual([]);
    expect(unverified.warnings.map(({ path }) => path)).toContain('models.chat.baseline.eu[0]');
  });
});
