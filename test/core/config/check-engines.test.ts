import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { checkEngines } from '#core/config/check-engines.ts';
import type { KvSettings } from '#core/kv/resolve-engine.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const findingsOf = (settings: KvSettings, kind: 'chat' | 'embedding' = 'chat') => {
  const parsed = parseConfig({
    name: 'test',
    home: { account: '111111111111', region: 'us-east-1' },
    accounts: [{ id: '111111111111', regions: ['us-east-1'] }],
    gateways: ['us-east-1'],
    residencies: { us: { jurisdictions: ['US'] } },
    models: {
      small: {
        kind,
        dedicated: [{ account: '111111111111', region: 'us-east-1', endpoint: 'gpu', ...settings }],
      },
    },
  });
  if (!parsed.ok) return parsed.violations.map(({ path, message }) => `${path} ${message}`);
  return checkEngines(parsed.config, shippedFacts).errors.map(({ path, message }) => `${path} ${message}`);
};

describe('the engine of an endpoint', () => {
  it.each<[string, KvSettings]>([
    ['a name and an instance type', { engine: 'llama-3.1-8b', instanceType: 'ml.g6.2xlarge' }],
    ['the tokens of a copy', { kvTokensPerCopy: 444_000 }],
    ['nothing', {}],
  ])('may be %s', (_what, settings) => {
    expect(findingsOf(settings)).toEqual([]);
  });

  it('is checked with its place, its value and what would be right', () => {
    expect(findingsOf({ engine: 'llama-3.1-8b' })[0]).toMatch(
      /^models\.small\.dedicated\[0\]\.instanceType /,
    );
    expect(findingsOf({ engine: 'x', instanceType: 'g5' })[0]).toMatch(
      /instanceType "g5" must be .*ml\.g6e\.2xlarge/,
    );
    expect(findingsOf({ kvTokensPerCopy: 3 })[0]).toMatch(/kvTokensPerCopy 3 must be a whole number from 16/);
    const attention = { kind: 'sparse' } as never;
    expect(findingsOf({ engine: { attention, weightsGiB: 1 } })[0]).toMatch(
      /models\.small\.dedicated\[0\]\.engine/,
    );
  });

  it('is none of a model that makes vectors', () => {
    expect(findingsOf({ kvTokensPerCopy: 444_000 }, 'embedding')).toEqual([
      'models.small.dedicated[0].kvTokensPerCopy is for chat models: one that makes vectors keeps no conversation; leave it out',
    ]);
  });
});
