import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '#core/config/check-config.ts';
import { checkControls } from '#core/config/check-controls.ts';
import type { StrongSet } from '#core/controls/strong-set.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts } from '#test/builders/facts.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
const european: Changes = {
  home: { account: '222222222222', region: 'eu-central-1' },
  gateways: ['eu-central-1', 'eu-west-1'],
  residencies: { eu: { jurisdictions: ['EU'] } },
  models: {},
  tenants: {},
};
const controls = { regions: ['eu-central-1', 'eu-west-1', 'eu-west-3'] };
const check = (changes: Changes, from = facts) =>
  checkControls(acmeConfig({ ...european, ...changes }), from);

describe('the strongly consistent set of a configuration', () => {
  it('need not be', () => {
    expect(check({})).toEqual({ errors: [], warnings: [] });
  });

  it('stands where everybody who says or reads words has a copy', () => {
    expect(check({ state: { controls } })).toEqual({ errors: [], warnings: [] });
    const { errors } = check({
      state: { controls },
      standby: 'eu-north-1',
      gateways: ['eu-central-1', 'us-east-1'],
    });
    expect(errors).toEqual([
      {
        path: 'standby',
        message: expect.stringMatching(
          /^eu-north-1 has no copy of the .* eu-central-1, eu-west-1, eu-west-3: add it to state.controls.regions/,
        ),
      },
      { path: 'gateways[1]', message: expect.stringMatching(/^us-east-1 has no copy/) },
    ]);
  });

  it('names its faults by their place, beside all others', () => {
    const bad = { regions: ['eu-central-1', 'eu-west-1'], witness: 'us-east-1' };
    const config = acmeConfig({ ...european, state: { controls: bad }, gateways: ['eu-west-3'] });
    const paths = checkConfig(config, facts).errors.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['state.controls.witness', 'gateways[0]', 'state.controls']),
    );
  });

  it('does not cross a residency, by its witness neither', () => {
    const witnessed = { regions: ['eu-central-1', 'eu-west-1'], witness: 'eu-west-2' };
    expect(check({ state: { controls: witnessed } }).errors).toEqual([
      {
        path: 'state.controls',
        message:
          'crosses the residency eu, which allows a part of it but not eu-west-2: a set lies wholly inside or wholly outside each residency',
      },
    ]);
    const wider = { residencies: { europe: { jurisdictions: ['EU', 'UK'] } } };
    expect(check({ state: { controls: witnessed }, ...wider }).errors).toEqual([]);
  });

  it('is not put where no residency allows anything', () => {
    expect(check({ state: { controls }, residencies: { us: { jurisdictions: ['US'] } } }).errors).toEqual([
      { path: 'state.controls', message: expect.stringMatching(/^no residency allows any of eu-central-1/) },
    ]);
  });

  it('is judged with warnings only where the facts are empty', () => {
    const { errors, warnings } = check({ state: { controls } }, emptyFacts);
    expect([errors, warnings.map(({ path }) => path)]).toEqual([[], ['state.controls']]);
  });

  it('that is accepted has no region that a residency forbids while it allows another of them', () => {
    const codes = fc.subarray([...facts.jurisdictions], { minLength: 1, maxLength: 6 });
    const named = fc.subarray(['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'], { maxLength: 3 });
    const residency = fc.record({ jurisdictions: codes, regions: named });
    const set = fc
      .shuffledSubarray(['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'], {
        minLength: 3,
        maxLength: 3,
      })
      .chain(([one = '', two = '', three = '']) =>
        fc.constantFrom<StrongSet>({ regions: [one, two, three] }, { regions: [one, two], witness: three }),
      );
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(residency, { minLength: 1, maxLength: 3 }), set, (specs, chosen) => {
        const residencies = Object.fromEntries(specs.map((spec, index) => [`r${index}`, spec]));
        const [region = ''] = chosen.regions;
        const { errors } = check({
          home: { account: '222222222222', region },
          gateways: [region],
          residencies,
          state: { controls: { ...chosen, regions: [...chosen.regions] } },
        });
        const { regions, witness } = chosen;
        const all = witness === undefined ? regions : [...regions, witness];
        const crossed = specs.some((spec) => {
          const policy = resolveResidency('r', spec, facts);
          const inside = all.filter((each) => judgeGatewayRegion(policy, each).lawful).length;
          return inside > 0 && inside < all.length;
        });
        seen[errors.length === 0 ? 'accepted' : 'refused'] += 1;
        if (crossed) expect(errors).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0);
  });
});
