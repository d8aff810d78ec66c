import { expect, it } from 'vitest';
import { residencyGateways } from '#core/residency/residency-gateways.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const config = {
  gateways: ['us-east-1', 'eu-west-1', 'eu-west-2', 'eu-central-1'],
  residencies: {
    eu: { jurisdictions: ['EU'] },
    frankfurt: { regions: ['eu-central-1'] },
    japan: { jurisdictions: ['JP'] },
    anywhere: { jurisdictions: 'any' as const },
  },
};

it('names the gateways inside each residency, in their order, and leaves out a residency without any', () => {
  expect(residencyGateways(config, shippedFacts)).toEqual([
    { residency: 'eu', regions: ['eu-west-1', 'eu-central-1'] },
    { residency: 'frankfurt', regions: ['eu-central-1'] },
    { residency: 'anywhere', regions: config.gateways },
  ]);
});

it('takes nothing for inside of a jurisdiction that the facts do not know', () => {
  expect(residencyGateways(config, emptyFacts).map(({ residency }) => residency)).toEqual([
    'frankfurt',
    'anywhere',
  ]);
});
