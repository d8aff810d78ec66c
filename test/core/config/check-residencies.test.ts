import { describe, expect, it } from 'vitest';
import { checkResidencies } from '#core/config/check-residencies.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts } from '#test/builders/facts.ts';

type Residencies = NonNullable<Parameters<typeof acmeConfig>[0]>['residencies'] & object;
const config = (residencies: Residencies) => acmeConfig({ residencies, models: {}, tenants: {} });

describe('residencies', () => {
  it('name jurisdictions that the facts know', () => {
    const { errors } = checkResidencies(config({ one: { jurisdictions: ['EU', 'ATLANTIS'] } }), facts);
    expect(errors).toEqual([
      {
        path: 'residencies.one.jurisdictions[1]',
        message: expect.stringMatching(
          /^"ATLANTIS" is not a jurisdiction of the facts, which know AE, AFRICA, .*\bEU\b/,
        ),
      },
    ]);
  });

  it('warn of unknown jurisdictions only, when the facts are empty', () => {
    const { errors, warnings } = checkResidencies(config({ one: { jurisdictions: ['EU'] } }), emptyFacts);
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([
      { path: 'residencies.one.jurisdictions[0]' },
      { path: 'residencies.one' },
    ]);
  });

  it('warn of a region that the facts do not know', () => {
    const { warnings } = checkResidencies(
      config({ one: { jurisdictions: ['EU'], regions: ['xx-north-9'] } }),
      facts,
    );
    expect(warnings).toMatchObject([{ path: 'residencies.one.regions[0]' }]);
  });

  it('warn when fewer than two gateways stand inside', () => {
    const residencies = {
      eu: { jurisdictions: ['EU'] },
      anywhere: { jurisdictions: 'any' as const },
      japan: { jurisdictions: ['JP'] },
      brazil: { jurisdictions: ['BR'] },
    };
    expect(checkResidencies(config(residencies), facts).warnings).toEqual([
      {
        path: 'residencies.japan',
        message:
          'only the gateway in ap-northeast-1 stands inside it: when that region is dark, requests fail',
      },
      { path: 'residencies.brazil', message: 'no gateway stands inside it: every request is refused' },
    ]);
  });
});
