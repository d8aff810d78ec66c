import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spillTargetOf } from '#core/capacity-plan/spill-target.ts';
import { judgeLawful } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';

const config = acmeConfig();
const spill = (model: string, residency: string, region: string) =>
  spillTargetOf({
    ...{ accounts: config.accounts, gateways: config.gateways, facts, region },
    candidates: config.models[model]?.candidates ?? [],
    policy: resolveResidency(residency, config.residencies[residency] ?? {}, facts),
  });

describe('where calls spill to', () => {
  it('is in the region of the copies where it may be', () => {
    expect(spill('chat-small', 'us', 'us-east-1')?.id).toBe('111111111111/us-east-1/amazon.nova-lite-v1:0');
    expect(spill('chat-large', 'eu', 'eu-central-1')?.region).toBe('eu-central-1');
  });

  it('is nowhere where nothing is lawful', () => {
    expect(spill('chat-large', 'frankfurt', 'eu-central-1')).toBeUndefined();
    const policy = resolveResidency('seoul', { regions: ['ap-northeast-2'] }, facts);
    const candidates = [{ id: 'amazon.nova-lite-v1:0' }];
    const accounts = [{ id: '111111111111', regions: ['ap-northeast-2'] }];
    expect(
      spillTargetOf({
        accounts,
        gateways: config.gateways,
        candidates,
        policy,
        facts,
        region: 'ap-northeast-2',
      }),
    ).toBeUndefined();
  });

  it('is lawful under any residency, from a gateway inside it', () => {
    const { regions } = facts;
    const some = fc.uniqueArray(fc.constantFrom(...regions), { minLength: 1, maxLength: 8 });
    const models = fc.constantFrom(
      'amazon.nova-lite-v1:0',
      'anthropic.claude-sonnet-4-5-20250929-v1:0',
      'amazon.nova-pro-v1:0',
    );
    let found = 0;
    fc.assert(
      fc.property(
        fc.record({
          allowed: some,
          account: some,
          gateways: some,
          model: models,
          region: fc.constantFrom(...regions),
        }),
        ({ allowed, account, gateways, model, region }) => {
          const policy = resolveResidency('some', { regions: allowed }, facts);
          const accounts = [{ id: '111111111111', regions: account }];
          const target = spillTargetOf({
            accounts,
            gateways,
            candidates: [{ id: model }],
            policy,
            facts,
            region,
          });
          if (target === undefined) return;
          found += 1;
          const verdicts = gateways.map((gatewayRegion) =>
            judgeLawful({ policy, target, facts, gatewayRegion }),
          );
          expect(verdicts.some(({ lawful }) => lawful)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(5);
  });
});
