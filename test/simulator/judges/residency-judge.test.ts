import { describe, expect, it } from 'vitest';
import { residencyJudge } from '#simulator/judges/residency-judge.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { aSentCall, aSimulatedRequest, reportsOf } from '#test/builders/judged-history.ts';
import { madePlaces } from '#test/builders/made-places.ts';

const truth = madePlaces({
  jurisdictions: { US: ['us-east-1', 'us-west-2'], EU: ['eu-central-1', 'eu-west-1'] },
  profiles: {
    'us.wide': { 'us-east-1': ['us-east-1', 'us-west-2'] },
    'us.leaks': { 'us-east-1': ['us-east-1', 'ca-central-1'] },
    'global.all': { 'us-east-1': ['*'] },
  },
});
const judged = () => reportsOf(residencyJudge(acmeConfig(), truth));
/** A profile called from us-east-1; its route says that the prompt stays there. */
const throughProfile = (profileId: string) => aTarget({ scope: 'geo', profileId, reach: ['us-east-1'] });

describe('the judge of residency', () => {
  it.each([
    ['the region of the gateway itself', aTarget()],
    ['another region of the residency', aTarget({ region: 'us-west-2' })],
    ['a profile that stays inside in truth', throughProfile('us.wide')],
    // Its route is wrong, and the truth is what counts.
    ['a route that claims to reach further than it does', aTarget({ reach: ['*'] })],
  ])('is silent about a call to %s', (_, target) => {
    const { reports, sent } = judged();
    sent(aSentCall({ target }));
    expect(reports).toEqual([]);
  });

  it.each([
    ['a target outside', aTarget({ region: 'eu-west-1' }), 'eu-west-1'],
    ['a profile that reaches outside, whatever its route says', throughProfile('us.leaks'), 'ca-central-1'],
    ['a profile that reaches everywhere', throughProfile('global.all'), '*'],
    ['a profile of which nothing is known', throughProfile('us.new'), '*'],
  ])('reports a call to %s', (_, target, outside) => {
    const { reports, sent } = judged();
    sent(aSentCall({ target }));
    expect(reports).toEqual([`request 1 of us went to ${target.id}, which is in ${outside}`]);
  });

  it('reports a prompt that a gateway outside holds, though its target is inside', () => {
    const { reports, sent } = judged();
    sent(aSentCall({ gateway: 'eu-central-1' }));
    expect(reports).toEqual([`request 1 of us went to ${aTarget().id}, which is in eu-central-1`]);
  });

  it('binds a request that names no residency by that of its tenant', () => {
    const config = acmeConfig();
    const { demo } = config.tenants;
    if (demo === undefined) throw new Error('the example has no tenant');
    const tenants = { ...config.tenants, demo: { ...demo, defaultResidency: 'eu' } };
    const { reports, sent } = reportsOf(residencyJudge({ ...config, tenants }, truth));
    sent(aSentCall({ request: aSimulatedRequest({ residency: undefined }) }));
    expect(reports).toEqual([`request 1 of eu went to ${aTarget().id}, which is in us-east-1, us-east-1`]);
  });

  it('is silent about what has no bounds or carries nobody’s prompt', () => {
    const { reports, sent } = judged();
    const target = throughProfile('global.all');
    sent(aSentCall({ target, request: aSimulatedRequest({ residency: 'anywhere' }) }));
    // The default residency of the tenant is `anywhere`.
    sent(aSentCall({ target, request: aSimulatedRequest({ residency: undefined }) }));
    sent({ ...aSentCall({ target }), request: undefined });
    expect(reports).toEqual([]);
  });

  it('holds what a wake-up call carries to the same bounds', () => {
    const { reports, sent } = judged();
    sent(aSentCall({ target: aTarget({ region: 'eu-west-1' }), isWakeUp: true }));
    expect(reports).toHaveLength(1);
  });
});
