import { describe, expect, it } from 'vitest';
import type { Explanation } from '#contract/http.ts';
import type { ResidencyMap } from '#contract/residencies.ts';
import { foreseeTraffic, lawfulGateways } from '../../../console/map/foresee-traffic.ts';
import { tilesOf } from '../../../console/map/region-tiles.ts';
import { tellTraffic } from '../../../console/map/tell-traffic.ts';

const map: ResidencyMap = {
  residencies: [
    { name: 'eu', lawful: ['eu-central-1', 'eu-north-1', 'eu-west-1'] },
    { name: 'anywhere', lawful: 'any' },
  ],
  regions: [
    { region: 'us-east-1', country: 'US', jurisdictions: ['US'] },
    { region: 'eu-central-1', country: 'DE', jurisdictions: ['EU', 'DE'] },
    { region: 'eu-north-1', country: 'SE', jurisdictions: ['EU', 'SE'] },
    { region: 'eu-west-1', country: 'IE', jurisdictions: ['EU', 'IE'] },
  ],
  gateways: ['us-east-1', 'eu-central-1', 'eu-west-1'],
};

const plan = (from: string, ...targets: string[]): Explanation => ({
  decision: targets.length > 0 ? 'routed' : 'rejected',
  ...(targets.length > 0 ? {} : { code: 'no_lawful_target' }),
  residency: 'eu',
  from,
  plan: targets,
  removed: [],
  scored: [],
  route: { model: 'chat', residency: 'eu', version: 1, source: 'table' },
  at: '2026-11-22T05:00:00Z',
});

const frankfurt = '222222222222/eu-central-1/eu.one';
const ireland = '222222222222/eu-west-1/eu.one';
const stockholm = '222222222222/eu-north-1/one';
const explanations = new Map([
  ['eu-central-1', plan('eu-central-1', frankfurt, stockholm, ireland)],
  ['eu-west-1', plan('eu-west-1', ireland, stockholm, frankfurt)],
]);
const reachOf = (target: string) => (target === ireland ? ['eu-central-1', 'eu-west-1'] : undefined);
const asked = { residency: 'eu', model: 'chat' };

describe('where traffic goes', () => {
  it('is what the first lawful gateway plans', () => {
    expect(lawfulGateways(map, 'eu')).toEqual(['eu-central-1', 'eu-west-1']);
    const question = { ...asked, dark: '' };
    const foreseen = foreseeTraffic(explanations, question, reachOf);
    expect(foreseen.steps.map(({ region }) => region)).toEqual(['eu-central-1', 'eu-north-1', 'eu-west-1']);
    expect(tellTraffic(question, foreseen)).toEqual([
      'Calls of chat under eu go to eu-central-1, then to eu-north-1, eu-west-1.',
      'Callers enter at the gateway eu-central-1, or at eu-west-1.',
      '3 lawful regions can answer.',
    ]);
  });

  it('with a region dark is what the next gateway plans without it, inside the residency still', () => {
    const question = { ...asked, dark: 'eu-central-1' };
    const foreseen = foreseeTraffic(explanations, question, reachOf);
    expect(foreseen).toMatchObject({
      entry: 'eu-west-1',
      steps: [{ region: 'eu-west-1', reach: ['eu-central-1', 'eu-west-1'] }, { region: 'eu-north-1' }],
    });
    expect(tellTraffic(question, foreseen)[0]).toBe(
      'With eu-central-1 (Frankfurt) dark, calls of chat under eu go to eu-west-1, then to eu-north-1.',
    );
  });

  it('is nowhere where nobody lawful is left, and the sentence says that nothing leaves', () => {
    const dark = { ...asked, dark: 'eu-central-1' };
    const alone = new Map([['eu-central-1', plan('eu-central-1', frankfurt)]]);
    expect(tellTraffic(dark, foreseeTraffic(alone, dark, reachOf))).toEqual([
      'With eu-central-1 (Frankfurt) dark, no gateway is left that may hold a prompt under eu: calls of chat under eu fail.',
      'None of them leaves the residency.',
    ]);
    const refused = new Map([['eu-west-1', plan('eu-west-1')]]);
    expect(tellTraffic(dark, foreseeTraffic(refused, dark, reachOf))[0]).toBe(
      'With eu-central-1 (Frankfurt) dark, nobody is left who may answer calls of chat under eu: they fail with no_lawful_target.',
    );
  });
});

describe('the map', () => {
  it('shows each region with what it is to the traffic, geographies that are open to it first', () => {
    const question = { ...asked, dark: 'eu-central-1' };
    const [europe, americas] = tilesOf(map, question, {
      foreseen: foreseeTraffic(explanations, question, reachOf),
      asked: new Map([['eu-north-1', 7]]),
    });
    expect(europe?.tiles.map(({ went }) => went)).toEqual([0, 7, 0]);
    expect([europe?.name, americas?.name]).toEqual(['Europe', 'Americas']);
    expect(europe?.tiles.map(({ region, turn, isDark, mayRun }) => [region, turn, isDark, mayRun])).toEqual([
      ['eu-central-1', undefined, true, true],
      ['eu-north-1', 2, false, false],
      ['eu-west-1', 1, false, false],
    ]);
    expect(americas?.tiles).toMatchObject([
      { region: 'us-east-1', country: 'United States', isLawful: false, isGateway: true },
    ]);
  });
});
